import { createHash } from 'node:crypto'
import { announceMeasured } from '@/lib/db/announce-measured'
import { pool } from '@/lib/db/client'
import { meetHost } from '@/lib/db/hosts'
import { insertProcesses } from '@/lib/db/processes'
import { saveMachineId } from '@/lib/db/sender-names'
import { isHostPattern, matchesHost } from '@/lib/db/tokens'
import { AppError } from '@/lib/errors'
import { groupBy } from '@/lib/ingest/group-by'
import { placePods } from '@/lib/ingest/pod-nodes'
import { cleanHost } from '@/lib/ingest/protocols/log-record'
import type { Decoded, ProcessList, WireLine } from '@/lib/ingest/protocols/protocol'
import { gatherProcesses } from '@/lib/ingest/protocols/snapshots'
import { nsToMs } from '@/lib/ingest/protocols/wire-time'
import { storeReadings } from '@/lib/ingest/readings'
import { appendLines } from '@/lib/ingest/streams'
import type { EpochMs } from '@/lib/units'

/** Who sent a request, and when. */
export interface WireOrigin {
  /** Id of the token or person. */
  senderId: string
  senderName: string
  /** The only host the sender may write for, or a pattern of hosts (`web-*`); null: any. */
  boundHost: string | null
  /** Address the request came from: the last resort for lines that name no machine. */
  address: string | null
  receivedAt: EpochMs
}

/**
 * Stores what a request said, durable when it returns; sending it again changes nothing. What cannot be stored is added
 * to `decoded.refused`, so that the answer tells.
 *
 * @param source name of the protocol
 * @param body as sent: lines without a time are known again by it
 */
export async function storeDecoded(
  decoded: Decoded,
  origin: WireOrigin,
  { source, body, toleranceMs }: { source: string; body: Uint8Array; toleranceMs: number },
): Promise<void> {
  const isAllowed = hostRule(decoded, origin)
  const batch = createHash('sha256').update(body).digest('hex')
  const lines = decoded.lines.flatMap((line) => {
    const host = isAllowed(line.host)
    return host === null ? [] : [{ ...line, host }]
  })
  const readings = decoded.readings.flatMap((reading) => {
    const host = isAllowed(reading.host)
    return host === null ? [] : [{ ...reading, host }]
  })
  const placed = placePods(origin.senderId, decoded.containers, decoded.nodes)
  const containers = placed.flatMap((reading) => {
    const host = isAllowed(reading.host)
    return host === null ? [] : [{ ...reading, host }]
  })
  const told = decoded.lines.length + decoded.readings.length + placed.length
  if (lines.length + readings.length + containers.length === 0 && told > 0) {
    throw new AppError(
      'forbidden',
      `The token "${origin.senderName}" may write for the host "${origin.boundHost}" only.`,
    )
  }
  // In the order of names: two batches that touch the same hosts must not wait for each other in a ring.
  for (const [hostname, ofHost] of [...groupBy(lines, ({ host }) => host)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const seen = spanOf(ofHost, origin.receivedAt)
    const hostId = await meetHost(pool, { name: hostname, seen, isSample: false })
    const machineId = decoded.identities.find(({ name }) => name === hostname)?.machineId
    if (machineId) await saveMachineId(pool, hostId, machineId)
    await appendLines(ofHost, { hostId, hostname, source, batch, receivedAt: origin.receivedAt })
  }
  const stored = await storeReadings(readings, decoded.identities, {
    senderId: origin.senderId,
    toleranceMs,
    containers,
  })
  decoded.remarks.push(...stored.remarks)
  if (stored.refused > 0) decoded.refused.push({ count: stored.refused, why: 'No machine has such values.' })
  for (const list of gatherProcesses(decoded.processes, toleranceMs)) await storeProcesses(list, isAllowed(list.host))
}

/**
 * The host under which something is stored; null when the sender may not write for it. Names of one machine with and
 * without its domain are the same to a token that is bound to it.
 */
function hostRule(decoded: Decoded, origin: WireOrigin): (named: string | null) => string | null {
  const { boundHost } = origin
  if (boundHost === null) {
    const fallback = cleanHost(origin.address ?? undefined) ?? `unknown-${origin.senderId.slice(0, 6)}`
    return (named) => named ?? fallback
  }
  const why = `The token "${origin.senderName}" may write for the host "${boundHost}" only.`
  const isPattern = isHostPattern(boundHost)
  const isOwn = (name: string) =>
    isPattern ? matchesHost(boundHost, cleanHost(name) ?? name) : isSame(name, boundHost)
  const ownNames = new Map(
    decoded.identities.flatMap(({ name, aliases }) =>
      isOwn(name) ? aliases.map((alias): [string, string] => [alias, isPattern ? name : boundHost]) : [],
    ),
  )
  return (named) => {
    // A pattern does not say which of its hosts a line without a name comes from.
    if (named === null && !isPattern) return boundHost
    if (named !== null && isOwn(named)) return isPattern ? named : boundHost
    const own = named === null ? undefined : ownNames.get(named)
    if (own !== undefined) return own
    const known = decoded.refused.find((part) => part.why === why)
    if (known) known.count += 1
    else decoded.refused.push({ count: 1, why })
    return null
  }
}

function isSame(name: string, bound: string): boolean {
  const plain = (cleanHost(name) ?? name).toLowerCase()
  const own = bound.toLowerCase()
  return plain === own || plain.startsWith(`${own}.`) || own.startsWith(`${plain}.`)
}

function spanOf(lines: readonly WireLine[], receivedAt: EpochMs): { from: EpochMs; to: EpochMs } {
  let from = receivedAt
  let to = Number.NEGATIVE_INFINITY
  for (const { atNs } of lines) {
    const at = atNs === null ? receivedAt : nsToMs(atNs)
    from = Math.min(from, at)
    to = Math.max(to, at)
  }
  return { from: Math.min(from, to), to }
}

async function storeProcesses({ at, rows }: ProcessList, hostname: string | null): Promise<void> {
  if (hostname === null) return
  const hostId = await meetHost(pool, { name: hostname, seen: { from: at, to: at }, isSample: false })
  const processes = rows.flatMap(({ pid, comm, rssKib, swapKib }) =>
    rssKib === null
      ? []
      : [{ pid, comm, rss: rssKib * 1024, swap: swapKib === null ? null : swapKib * 1024, oomScoreAdj: null }],
  )
  await insertProcesses(hostId, [{ at, processes }])
  announceMeasured(hostId, { from: at, to: at })
}
