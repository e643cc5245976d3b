import type pg from 'pg'
import { insertCgroups } from '@/lib/db/cgroups'
import { inTransaction } from '@/lib/db/client'
import { meetMeasuredHosts } from '@/lib/db/measured-hosts'
import { insertProcesses } from '@/lib/db/processes'
import { insertSamplesOfHosts } from '@/lib/db/samples'
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

const TRIES = 3

/**
 * Stores measurements of hosts by name in one transaction: durable when it returns, and sending the same again changes
 * nothing.
 */
export async function storeMetrics(byHost: ReadonlyMap<string, Measurements>): Promise<StoredMetrics> {
  const told = [...byHost].filter(([, measured]) => countRows(measured) > 0)
  if (told.length === 0) return { stored: 0, known: 0 }
  const ids = await meetMeasuredHosts(new Map(told.map(([name, measured]) => [name, spanOf(measured)])))
  const byId = told.map(([name, measured]) => ({ hostId: ids.get(name) ?? '', measured }))
  const stored = await retryOnDeadlock(() => inTransaction((client) => insertAll(byId, client)))
  const rows = told.reduce((sum, [, measured]) => sum + countRows(measured), 0)
  return { stored, known: rows - stored }
}

async function insertAll(byId: { hostId: string; measured: Measurements }[], client: pg.PoolClient): Promise<number> {
  let stored = await insertSamplesOfHosts(new Map(byId.map(({ hostId, measured }) => [hostId, measured.samples])), {
    client,
  })
  for (const { hostId, measured } of byId) {
    stored += await insertProcesses(hostId, measured.processes, { client })
    stored += await insertCgroups(hostId, measured.cgroups, { client })
  }
  return stored
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
