import type pg from 'pg'
import { announceMeasured } from '@/lib/db/announce-measured'
import { insertCgroupsByHost } from '@/lib/db/cgroups'
import { inTransaction } from '@/lib/db/client'
import { meetMeasuredHosts } from '@/lib/db/measured-hosts'
import { insertProcessesByHost } from '@/lib/db/processes'
import { insertSamplesByHost } from '@/lib/db/samples'
import type { CgroupSample, ProcessSample } from '@/lib/metrics/measured'
import type { Sample } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** What one host measured. */
export interface Measurements {
  samples: Sample[]
  processes: ProcessSample[]
  cgroups: CgroupSample[]
}

export interface StoredMetrics {
  /** Rows that were new, or told something new of a known instant. */
  stored: number
  /** Rows of which everything was known. */
  known: number
}

/** Transactions at a time: leaves connections for those who read. */
const WRITERS = 2
const ROWS_PER_TRANSACTION = 5_000
const TRIES = 3

interface Batch {
  byHost: ReadonlyMap<string, Measurements>
  rows: number
  resolve(stored: StoredMetrics): void
  reject(error: unknown): void
}

const waiting: Batch[] = []
let writing = 0

/**
 * Stores measurements of hosts by name: durable when it resolves, and sending the same again changes nothing.
 *
 * What arrives while a transaction is being written goes into the next one together: the busier it gets, the fewer
 * statements and flushes a batch costs.
 */
export function storeMetrics(byHost: ReadonlyMap<string, Measurements>): Promise<StoredMetrics> {
  const rows = [...byHost.values()].reduce((sum, measured) => sum + countRows(measured), 0)
  if (rows === 0) return Promise.resolve({ stored: 0, known: 0 })
  return new Promise((resolve, reject) => {
    waiting.push({ byHost, rows, resolve, reject })
    writeWaiting()
  })
}

function writeWaiting(): void {
  while (writing < WRITERS && waiting.length > 0) {
    writing += 1
    void writeBatches(takeBatches()).finally(() => {
      writing -= 1
      writeWaiting()
    })
  }
}

/** The oldest batches that fit into one transaction, each host in one of them only: its rows are counted by host. */
function takeBatches(): Batch[] {
  const taken: Batch[] = []
  const hosts = new Set<string>()
  let rows = 0
  for (let index = 0; index < waiting.length; ) {
    const batch = waiting[index]
    if (!batch || (rows > 0 && rows + batch.rows > ROWS_PER_TRANSACTION)) break
    if ([...batch.byHost.keys()].some((host) => hosts.has(host))) {
      index += 1
      continue
    }
    for (const host of batch.byHost.keys()) hosts.add(host)
    rows += batch.rows
    taken.push(batch)
    waiting.splice(index, 1)
  }
  return taken
}

async function writeBatches(batches: Batch[]): Promise<void> {
  try {
    const stored = await storeAll(new Map(batches.flatMap(({ byHost }) => [...byHost])))
    for (const { byHost, rows, resolve } of batches) {
      const own = [...byHost.keys()].reduce((sum, host) => sum + (stored.get(host) ?? 0), 0)
      resolve({ stored: own, known: rows - own })
    }
  } catch (error) {
    if (batches.length === 1) batches[0]?.reject(error)
    // One that cannot be stored must not take the others with it.
    else for (const batch of batches) await writeBatches([batch])
  }
}

/** @returns how many rows were new, by host name */
async function storeAll(byName: ReadonlyMap<string, Measurements>): Promise<Map<string, number>> {
  const told = [...byName].filter(([, measured]) => countRows(measured) > 0)
  const ids = await meetMeasuredHosts(new Map(told.map(([name, measured]) => [name, spanOf(measured)])))
  // Two names of one host are one.
  const byId = new Map<string, Measurements>()
  for (const [name, measured] of told) {
    const hostId = ids.get(name) ?? ''
    byId.set(hostId, join(byId.get(hostId), measured))
  }
  const stored = await retryOnDeadlock(() => inTransaction((client) => insertAll(byId, client)))
  for (const [hostId, measured] of byId) if (stored.get(hostId)) announceMeasured(hostId, spanOf(measured))
  return new Map(told.map(([name]) => [name, stored.get(ids.get(name) ?? '') ?? 0]))
}

async function insertAll(byId: ReadonlyMap<string, Measurements>, client: pg.PoolClient): Promise<Map<string, number>> {
  const pick = <Part extends keyof Measurements>(part: Part) =>
    new Map([...byId].map(([hostId, measured]) => [hostId, measured[part]]))
  const parts = [
    await insertSamplesByHost(pick('samples'), { client }),
    await insertProcessesByHost(pick('processes'), { client }),
    await insertCgroupsByHost(pick('cgroups'), { client }),
  ]
  const sumOf = (hostId: string) => parts.reduce((sum, part) => sum + (part.get(hostId) ?? 0), 0)
  return new Map([...byId.keys()].map((hostId) => [hostId, sumOf(hostId)]))
}

function join(earlier: Measurements | undefined, measured: Measurements): Measurements {
  if (!earlier) return measured
  return {
    samples: [...earlier.samples, ...measured.samples],
    processes: [...earlier.processes, ...measured.processes],
    cgroups: [...earlier.cgroups, ...measured.cgroups],
  }
}

/** A reader of uploads that holds several hosts can be in the way of a batch that names the same ones. */
async function retryOnDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await work()
    } catch (error) {
      const isDeadlock = error instanceof Error && 'code' in error && error.code === '40P01'
      if (!isDeadlock || left <= 1) throw error
    }
  }
}

function countRows({ samples, processes, cgroups }: Measurements): number {
  return samples.length + processes.length + cgroups.length
}

function spanOf({ samples, processes, cgroups }: Measurements): { from: EpochMs; to: EpochMs } {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { at } of [...samples, ...processes, ...cgroups]) {
    from = Math.min(from, at)
    to = Math.max(to, at)
  }
  return { from, to }
}
