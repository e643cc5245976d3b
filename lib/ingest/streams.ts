import type pg from 'pg'
import { inTransaction } from '@/lib/db/client'
import {
  addLines,
  countLines,
  dropLines,
  holdStream,
  listUploadedDays,
  queueStream,
  readLines,
  type StoredLine,
  type StreamDay,
  takeStream,
  writeStreamUpload,
} from '@/lib/db/streams'
import { groupBy } from '@/lib/ingest/group-by'
import { chooseKept, endOfDay, NEIGHBOURS } from '@/lib/ingest/keeping'
import type { WireLine } from '@/lib/ingest/protocols/protocol'
import { type StreamLine, toStreamLines, WEIGHT } from '@/lib/ingest/stream-line'
import type { Bytes, EpochMs } from '@/lib/units'

type Client = Pick<pg.PoolClient, 'query'>

/** Above it a day keeps only what tells of memory, with its neighbours: a firewall's log is kernel lines too. */
const DAY_LIMIT: Bytes = 16 * 1024 * 1024
/** Above it a day keeps nothing more. */
const DAY_END: Bytes = 64 * 1024 * 1024
/** Lines kept for now only, before the day is thinned out. */
const LOOSE_LIMIT = 10 * NEIGHBOURS

const DAY_NS = 86_400_000_000_000n
/** Around midnight a line may belong to the report of the other day: `endOfDay`. */
const BEFORE_MIDNIGHT_NS = 300_000_000_000n
const AFTER_MIDNIGHT_NS = 3_900_000_000_000n

/** What became of a batch of lines. */
export interface StreamReceipt {
  /** Stored and not known before. */
  kept: number
  /** Sent before. */
  repeated: number
  /** Far from anything that tells of memory. */
  dropped: number
}

/** Whose lines a batch holds, and where it came from. */
export interface BatchOrigin {
  hostId: string
  hostname: string
  /** Name of the protocol: what two agents tell of one host is read apart and joined by the facts' keys. */
  source: string
  /** Digest of the request's body. */
  batch: string
  receivedAt: EpochMs
}

/** Adds a batch of one host's lines to its stream; durable when it returns. Sending it again changes nothing. */
export function appendLines(lines: readonly WireLine[], origin: BatchOrigin): Promise<StreamReceipt> {
  return inTransaction((client) => appendInTransaction(client, lines, origin))
}

/** The same as a part of something larger. @param client inside a transaction */
export async function appendInTransaction(
  client: Client,
  lines: readonly WireLine[],
  { hostId, hostname, source, batch, receivedAt }: BatchOrigin,
): Promise<StreamReceipt> {
  const receipt: StreamReceipt = { kept: 0, repeated: 0, dropped: 0 }
  const byDay = groupBy(toStreamLines(lines, { host: hostname, batch, receivedAt }), (line) => dayOf(line.atNs))
  // In the order of days: two batches for the same days must not wait for each other in a ring.
  for (const [day, ofDay] of [...byDay].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const part = await appendDay(client, { hostId, source, day }, ofDay, hostname)
    receipt.kept += part.kept
    receipt.repeated += part.repeated
    receipt.dropped += part.dropped
  }
  return receipt
}

async function appendDay(
  client: Client,
  stream: StreamDay,
  lines: StreamLine[],
  hostname: string,
): Promise<StreamReceipt> {
  const state = await holdStream(client, stream)
  const chosen = choose(lines, state.sizeBytes)
  const added = (await addLines(client, stream, chosen)).flatMap((index) => chosen[index] ?? [])
  const loose = added.filter((line) => line.weight === WEIGHT.neighbour).length
  const receipt = {
    kept: added.length,
    repeated: chosen.length - added.length,
    dropped: lines.length - chosen.length,
  }
  const sizeBytes = added.reduce((sum, line) => sum + line.text.length, 0)
  await countLines(client, stream, { ...receipt, sizeBytes, loose })
  if (state.loose + loose > LOOSE_LIMIT) await thinOut(client, stream)
  // Kernel lines alone are context; they are read when something tells.
  const tells = added.filter((line) => line.weight === WEIGHT.telling)
  if (tells.length > 0 || (state.uploadId !== null && added.some((line) => line.weight === WEIGHT.kernel))) {
    await queueStream(client, stream, { hostname, name: nameOf(stream, hostname) })
  }
  await queueNeighbours(client, stream, tells, hostname)
  return receipt
}

function choose(lines: StreamLine[], sizeBytes: Bytes): StreamLine[] {
  if (sizeBytes > DAY_END) return []
  const weights = lines.map(({ weight }) =>
    sizeBytes > DAY_LIMIT && weight === WEIGHT.kernel ? WEIGHT.neighbour : weight,
  )
  const kept = chooseKept(weights)
  return lines.filter((_, index) => kept[index])
}

/** Lets go of lines that stayed only because something might have followed. */
async function thinOut(client: Client, stream: StreamDay): Promise<StoredLine[]> {
  const lines = await readLines(client, { ...stream, days: [stream.day] })
  const kept = chooseKept(lines.map((line) => line.weight))
  await dropLines(
    client,
    stream,
    lines.filter((_, index) => !kept[index]),
  )
  return lines.filter((_, index) => kept[index])
}

/** A line close to midnight may move the border to the day beside it. */
async function queueNeighbours(
  client: Client,
  stream: StreamDay,
  tells: StreamLine[],
  hostname: string,
): Promise<void> {
  const days = new Set<string>()
  for (const { atNs } of tells) {
    if (atNs % DAY_NS < AFTER_MIDNIGHT_NS) days.add(dayOf(atNs - DAY_NS))
    if (DAY_NS - (atNs % DAY_NS) < BEFORE_MIDNIGHT_NS) days.add(dayOf(atNs + DAY_NS))
  }
  if (days.size === 0) return
  for (const day of await listUploadedDays(client, { ...stream, days: [...days] })) {
    await queueStream(client, { ...stream, day }, { hostname, name: nameOf({ ...stream, day }, hostname) })
  }
}

/**
 * Brings the bytes of a stream's upload up to its lines, before it is read. Files are left as they are.
 *
 * @returns false when the upload is no stream's
 */
export function assembleStream(uploadId: string): Promise<boolean> {
  return inTransaction(async (client) => {
    const stream = await takeStream(client, uploadId)
    if (!stream) return false
    await thinOut(client, stream)
    const noonNs = BigInt(Date.parse(`${stream.day}T12:00:00Z`)) * 1_000_000n
    const days = [dayOf(noonNs - DAY_NS), stream.day, dayOf(noonNs + DAY_NS)]
    const lines = await readLines(client, { ...stream, days })
    const startNs = noonNs - DAY_NS / 2n
    const after = borderNear(lines, startNs)
    const until = borderNear(lines, startNs + DAY_NS)
    await writeStreamUpload(
      client,
      uploadId,
      lines.filter(({ atNs }) => atNs > after && atNs <= until),
    )
    return true
  })
}

function borderNear(lines: readonly StoredLine[], midnightNs: bigint): bigint {
  const around = lines.filter(
    ({ atNs, weight }) =>
      weight === WEIGHT.telling && atNs >= midnightNs - BEFORE_MIDNIGHT_NS && atNs < midnightNs + AFTER_MIDNIGHT_NS,
  )
  return endOfDay(
    midnightNs,
    around.map(({ atNs }) => atNs),
  )
}

function dayOf(ns: bigint): string {
  return new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 10)
}

/** "journald stream of db-1, 2026-11-24": how lists show it. */
function nameOf({ source, day }: StreamDay, hostname: string): string {
  return `${source} stream of ${hostname}, ${day}`
}
