import { announceMeasured } from '@/lib/db/announce-measured'
import { inTransaction } from '@/lib/db/client'
import { holdCounters, type StoredCounter, saveCounters } from '@/lib/db/counters'
import { insertSamplesOfHosts } from '@/lib/db/samples'
import { noteCountedKills } from '@/lib/ingest/counted-kills'
import { groupBy } from '@/lib/ingest/group-by'
import { grouped } from '@/lib/ingest/grouped'
import type { ContainerReading, CounterName, HostIdentity, Reading } from '@/lib/ingest/protocols/protocol'
import { gatherSnapshots, type Snapshot } from '@/lib/ingest/protocols/snapshots'
import { type CountedKills, type Counters, samplesOf } from '@/lib/ingest/rates'
import { type NamedRequest, resolveSenderHosts } from '@/lib/ingest/sender-hosts'
import { storeContainers } from '@/lib/ingest/store-containers'
import type { Series } from '@/lib/metrics/sample'
import type { Bytes, EpochMs } from '@/lib/units'

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
 * @param sender.senderId the token that sent them: names such as `localhost:9100` mean something only to their sender
 * @param sender.containers what it told of containers
 */
export async function storeReadings(
  readings: readonly Reading[],
  identities: readonly HostIdentity[],
  {
    senderId,
    toleranceMs,
    containers = [],
  }: { senderId: string; toleranceMs: number; containers?: readonly PlacedReading[] },
): Promise<ReadingsReceipt> {
  if (readings.length + containers.length === 0) return { samples: 0, refused: 0, remarks: [] }
  const snapshots = groupBy(gatherSnapshots(readings, toleranceMs), ({ host }) => host)
  return commit({ senderId, identities, snapshots, containers: groupBy(containers, ({ host }) => host) })
}

/** Of a container whose machine the sender names. */
type PlacedReading = ContainerReading & { host: string }

/** One request, its readings by the sender's name of their machine. */
interface Request {
  senderId: string
  identities: readonly HostIdentity[]
  snapshots: ReadonlyMap<string, Snapshot[]>
  containers: ReadonlyMap<string, PlacedReading[]>
}

/** The readings of one request, by the host's id. */
interface Batch {
  byHost: Map<string, Snapshot[]>
  containers: Map<string, PlacedReading[]>
  pageSizes: ReadonlyMap<string, Bytes>
}

const REQUESTS_PER_TRANSACTION = 64
/** What comes while a transaction is written goes into the next one together. */
const commit = grouped(storeTogether, REQUESTS_PER_TRANSACTION)

async function storeTogether(requests: Request[]): Promise<ReadingsReceipt[]> {
  const hosts = await resolveSenderHosts(requests.map(namesOf))
  const receipts: ReadingsReceipt[] = requests.map(() => ({ samples: 0, refused: 0, remarks: [] }))
  const batches = requests.map(({ snapshots, containers }, index): Batch => {
    const { ids, pageSizes } = hosts[index] ?? { ids: new Map(), pageSizes: new Map() }
    for (const [name, id] of ids) {
      if (id === null) refuse(receipts[index], name, [snapshots.get(name), containers.get(name)])
    }
    const byTime = (some: readonly Snapshot[]) => [...some].sort((a, b) => a.at - b.at)
    return {
      byHost: byHostId(snapshots, ids, byTime),
      containers: byHostId(containers, ids, (some) => some),
      pageSizes,
    }
  })
  if (batches.every(({ byHost, containers }) => byHost.size + containers.size === 0)) return receipts
  const committed = await commitTogether(batches)
  for (const { byHost, containers } of batches) {
    for (const [hostId, told] of [...byHost, ...containers]) announceMeasured(hostId, spanOfInstants(told))
  }
  return receipts.map((receipt, index) => ({
    ...receipt,
    samples: committed[index]?.samples ?? 0,
    refused: receipt.refused + (committed[index]?.refused ?? 0),
  }))
}

/** Two names of one host are one. */
function byHostId<Item>(
  byName: ReadonlyMap<string, Item[]>,
  ids: ReadonlyMap<string, string | null>,
  inOrder: (items: Item[]) => Item[],
): Map<string, Item[]> {
  const byHost = new Map<string, Item[]>()
  for (const [name, items] of byName) {
    const hostId = ids.get(name) ?? null
    if (hostId === null) continue
    const earlier = byHost.get(hostId)
    byHost.set(hostId, earlier ? inOrder([...earlier, ...items]) : items)
  }
  return byHost
}

function refuse(
  receipt: ReadingsReceipt | undefined,
  name: string,
  [snapshots = [], containers = []]: [readonly Snapshot[] | undefined, readonly PlacedReading[] | undefined],
): void {
  if (!receipt) return
  receipt.refused += containers.length + snapshots.reduce((sum, { readings }) => sum + readings.length, 0)
  receipt.remarks.push(
    `"${name}" stands for several machines: add a label "host" (external_labels) to tell them apart.`,
  )
}

function namesOf({ senderId, identities, snapshots, containers }: Request): NamedRequest {
  const seen = new Map<string, { from: EpochMs; to: EpochMs }>()
  for (const [name, told] of [...snapshots, ...containers]) {
    for (const { at } of told) {
      const span = seen.get(name) ?? { from: at, to: at }
      seen.set(name, { from: Math.min(span.from, at), to: Math.max(span.to, at) })
    }
  }
  return { senderId, identities, seen }
}

/** @param told never empty */
function spanOfInstants(told: readonly { at: EpochMs }[]): { from: EpochMs; to: EpochMs } {
  const instants = told.map(({ at }) => at)
  return {
    from: instants.reduce((first, at) => Math.min(first, at)),
    to: instants.reduce((last, at) => Math.max(last, at)),
  }
}

interface Committed {
  /** New in all requests of the transaction together. */
  samples: number
  refused: number
}

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
    await storeContainers(client, containersByHost(batches))
    const samples = await insertSamplesOfHosts(series, { client })
    await saveCounters(client, changedCounters(counters, known, told))
    return results.map((result) => ({ ...result, samples }))
  })
}

function containersByHost(batches: readonly Batch[]): Map<string, PlacedReading[]> {
  const byHost = new Map<string, PlacedReading[]>()
  for (const { containers } of batches) {
    for (const [hostId, readings] of containers) byHost.set(hostId, [...(byHost.get(hostId) ?? []), ...readings])
  }
  return byHost
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
