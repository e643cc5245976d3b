import { announceMeasured } from '@/lib/db/announce-measured'
import { inTransaction, pool } from '@/lib/db/client'
import { holdCounters, type StoredCounter, saveCounters } from '@/lib/db/counters'
import { meetHosts } from '@/lib/db/hosts'
import { insertSamplesOfHosts } from '@/lib/db/samples'
import { adoptScrape, findMeant, learnName } from '@/lib/db/sender-names'
import { noteCountedKills } from '@/lib/ingest/counted-kills'
import { groupBy } from '@/lib/ingest/group-by'
import { grouped } from '@/lib/ingest/grouped'
import { cleanHost } from '@/lib/ingest/protocols/log-record'
import type { CounterName, HostIdentity, Reading } from '@/lib/ingest/protocols/protocol'
import { gatherSnapshots, type Snapshot } from '@/lib/ingest/protocols/snapshots'
import { type CountedKills, type Counters, samplesOf } from '@/lib/ingest/rates'
import type { Series } from '@/lib/metrics/sample'
import type { Bytes } from '@/lib/units'

/** Kept beside the counters. */
const PAGE_SIZE = 'pageSizeBytes'
/** Where no architecture was ever told: right for x86, and said in docs/protocols.md. */
const USUAL_PAGE_BYTES: Bytes = 4096

/** What became of the readings of a request. */
export interface ReadingsReceipt {
  /** Samples that were new, or learned something, in all requests stored together with this one. */
  samples: number
  refused: number
  remarks: string[]
}

/**
 * Stores levels as samples and turns totals into rates with the values before; durable when it returns. Sending the
 * same again changes nothing. A scrape may come in several requests: its parts meet in the row of their instant.
 *
 * @param senderId the token that sent them: names such as `localhost:9100` mean something only to their sender
 */
export async function storeReadings(
  readings: readonly Reading[],
  identities: readonly HostIdentity[],
  { senderId, toleranceMs }: { senderId: string; toleranceMs: number },
): Promise<ReadingsReceipt> {
  const seen = instantOf(readings)
  const pageSizes = await learnIdentities(identities, senderId, seen)
  const receipt: ReadingsReceipt = { samples: 0, refused: 0, remarks: [] }
  const byHost = await resolveHosts(gatherSnapshots(readings, toleranceMs), senderId, seen, receipt)
  if (byHost.size === 0) return receipt
  const stored = await commit({ byHost, pageSizes })
  announceMeasured(byHost.keys())
  return { ...receipt, samples: stored.samples, refused: receipt.refused + stored.refused }
}

/** The readings of one request, by the host's id. */
interface Batch {
  byHost: Map<string, Snapshot[]>
  pageSizes: Map<string, Bytes>
}

interface Committed {
  /** New in all requests of the transaction together. */
  samples: number
  refused: number
}

const REQUESTS_PER_TRANSACTION = 64
const commit = grouped(commitTogether, REQUESTS_PER_TRANSACTION)

function commitTogether(batches: Batch[]): Promise<Committed[]> {
  return inTransaction(async (client) => {
    const hostIds = [...new Set(batches.flatMap(({ byHost }) => [...byHost.keys()]))].sort()
    const known = await holdCounters(client, hostIds)
    const counters = new Map(hostIds.map((hostId) => [hostId, countersOf(known.get(hostId) ?? [])]))
    const told = new Map(batches.flatMap(({ pageSizes }) => [...pageSizes]))
    const series = new Map<string, Series>(hostIds.map((hostId) => [hostId, []]))
    const counted = new Map<string, CountedKills[]>()
    const results = batches.map(({ byHost }) => {
      let refused = 0
      for (const [hostId, snapshots] of byHost) {
        const pageSize = told.get(hostId) ?? known.get(hostId)?.find(({ name }) => name === PAGE_SIZE)?.value
        const found = samplesOf(snapshots, counters.get(hostId) ?? new Map(), bytesOfPage(pageSize))
        series.get(hostId)?.push(...found.series)
        if (found.counted.length > 0) counted.set(hostId, [...(counted.get(hostId) ?? []), ...found.counted])
        refused += found.refused
      }
      return { samples: 0, refused }
    })
    // In the same transaction, since a rise is seen once only; before the samples, whose locks a reader of that upload
    // takes after the upload's.
    for (const [hostId, rises] of [...counted].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await noteCountedKills(client, hostId, rises)
    }
    const samples = await insertSamplesOfHosts(series, { client })
    await saveCounters(client, changedCounters(counters, known, told))
    return results.map((result) => ({ ...result, samples }))
  })
}

/** Zero stands for an architecture with several page sizes. */
function bytesOfPage(told: number | undefined): Bytes | null {
  if (told === undefined) return USUAL_PAGE_BYTES
  return told === 0 ? null : told
}

/** What is not stored yet; a page size is kept at the instant 0, since it never changes. */
function changedCounters(
  counters: ReadonlyMap<string, Counters>,
  known: ReadonlyMap<string, StoredCounter[]>,
  told: ReadonlyMap<string, Bytes>,
): Map<string, StoredCounter[]> {
  const changed = new Map<string, StoredCounter[]>()
  for (const [hostId, ofHost] of counters) {
    const stored = known.get(hostId) ?? []
    const isNews = ({ name, at }: StoredCounter) => !stored.some((one) => one.name === name && one.at >= at)
    const pageSize = told.get(hostId)
    const all = storedOf(ofHost)
    if (pageSize !== undefined) all.push({ name: PAGE_SIZE, at: 0, value: pageSize })
    changed.set(hostId, all.filter(isNews))
  }
  return changed
}

const COUNTERS: Record<CounterName, true> = {
  swapInPages: true,
  swapOutPages: true,
  swapInBytes: true,
  swapOutBytes: true,
  majorFaults: true,
  allocStalls: true,
  oomKills: true,
  memoryWaitingSeconds: true,
  memoryStalledSeconds: true,
}

function isCounter(name: string): name is CounterName {
  return Object.hasOwn(COUNTERS, name)
}

function countersOf(stored: readonly StoredCounter[]): Counters {
  const counters: Counters = new Map()
  for (const { name, at, value } of stored) if (isCounter(name)) counters.set(name, { at, value })
  return counters
}

function storedOf(counters: Counters): StoredCounter[] {
  return [...counters].map(([name, { at, value }]) => ({ name, at, value }))
}

function instantOf(readings: readonly Reading[]): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (const { at } of readings) {
    from = Math.min(from, at)
    to = Math.max(to, at)
  }
  return { from, to }
}

/** Remembers which machines the sender's names stand for. @returns page sizes told, by host; 0 where there are several */
async function learnIdentities(
  identities: readonly HostIdentity[],
  senderId: string,
  seen: { from: number; to: number },
): Promise<Map<string, Bytes>> {
  const pageSizes = new Map<string, Bytes>()
  const named = identities.filter(({ aliases }) => aliases.length > 0)
  // A request with names alone (metadata) makes no host.
  if (named.length === 0 || seen.from > seen.to) return pageSizes
  const hostIds = await meetHosts(pool, distinct(named.map(({ name }) => name)), seen)
  const meant = await findMeant(
    pool,
    senderId,
    named.flatMap(({ aliases }) => aliases),
  )
  for (const { name, aliases, pageSizeBytes } of named) {
    const hostId = hostIds.get(name) ?? ''
    for (const alias of aliases) {
      const known = meant.get(alias)
      if (known === 'several' || known?.hostId === hostId) continue
      const isNew = await learnName(pool, senderId, alias, hostId)
      const plain = cleanHost(alias)
      if (isNew && plain !== null) await inTransaction((client) => adoptScrape(client, plain, hostId))
    }
    if (pageSizeBytes !== null) pageSizes.set(hostId, pageSizeBytes === 'several' ? 0 : pageSizeBytes)
  }
  return pageSizes
}

/** The host of each snapshot: by what its name was learned to mean, else by the name itself without its port. */
async function resolveHosts(
  snapshots: readonly Snapshot[],
  senderId: string,
  seen: { from: number; to: number },
  receipt: ReadingsReceipt,
): Promise<Map<string, Snapshot[]>> {
  const byName = groupBy(snapshots, ({ host }) => host)
  const meant = await findMeant(pool, senderId, [...byName.keys()])
  const plainOf = new Map([...byName.keys()].map((name) => [name, cleanHost(name)]))
  const unknown = [...plainOf].flatMap(([name, plain]) => (meant.has(name) || plain === null ? [] : [plain]))
  const hostIds = unknown.length === 0 ? new Map<string, string>() : await meetHosts(pool, distinct(unknown), seen)
  const byHost = new Map<string, Snapshot[]>()
  for (const [name, ofName] of byName) {
    const known = meant.get(name)
    const hostId =
      known === undefined ? hostIds.get(plainOf.get(name) ?? '') : known === 'several' ? undefined : known.hostId
    if (hostId === undefined) {
      receipt.refused += ofName.reduce((sum, { readings }) => sum + readings.length, 0)
      receipt.remarks.push(
        `"${name}" stands for several machines: add a label "host" (external_labels) to tell them apart.`,
      )
      continue
    }
    const earlier = byHost.get(hostId)
    byHost.set(hostId, earlier ? [...earlier, ...ofName].sort((a, b) => a.at - b.at) : ofName)
  }
  return byHost
}

function distinct(names: readonly string[]): string[] {
  // In one order: two requests that make the same hosts must not wait for each other in a ring.
  return [...new Set(names)].sort()
}
