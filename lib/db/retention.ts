import { pool } from '@/lib/db/client'
import { keptSince } from '@/lib/db/kept'
import {
  dropPartition,
  listPartitions,
  makePartitions,
  type Partition,
  type PartitionedTable,
} from '@/lib/db/partitions'
import type { Resolution } from '@/lib/metrics/tiers'
import type { EpochMs } from '@/lib/units'

const DAY_MS = 86_400_000
/** How far ahead partitions are made: longer than a worker may be away before rows wait in the default partition. */
const AHEAD_MS = 3 * DAY_MS

/**
 * Hours of a host that stay when a day of samples is dropped: those an upload told of, and from 3 hours before an
 * incident to 1 hour after it. Whole hours, because an hour of which a part is gone cannot be drawn from samples.
 */
function keptHours({ name, from, to }: Partition): string {
  const [start, end] = [from, to].map((at) => `timestamptz '${new Date(at).toISOString()}'`)
  return `
    select "hostId", date_bin('1 hour', "at", timestamptz 'epoch') as "at"
      from "${name}" where "uploadId" is not null
    union
    select i."hostId", h."at" from "Incident" i,
           generate_series(greatest(date_bin('1 hour', coalesce(i."from", i."listedAt") - interval '3 hours', timestamptz 'epoch'), ${start}),
                           least(coalesce(i."to", i."listedAt") + interval '1 hour', ${end} - interval '1 ms'),
                           interval '1 hour') as h("at")`
}

const TABLES: { table: PartitionedTable; resolution: Resolution }[] = [
  { table: { name: 'MemorySample', rest: 'MemorySample_kept', unit: 'day' }, resolution: 'raw' },
  { table: { name: 'ProcessSample', rest: 'ProcessSample_kept', unit: 'day' }, resolution: 'raw' },
  { table: { name: 'CgroupSample', rest: 'CgroupSample_kept', unit: 'day' }, resolution: 'raw' },
  { table: { name: 'MemoryRollup_60000', rest: 'MemoryRollup_60000_rest', unit: 'month' }, resolution: 60_000 },
  { table: { name: 'MemoryRollup_600000', rest: 'MemoryRollup_600000_rest', unit: 'month' }, resolution: 600_000 },
]

/** What one round of retention did, by partition name. */
export interface RetentionReport {
  made: string[]
  dropped: string[]
  /** Rows of dropped partitions that stay because of an upload or an incident. */
  keptRows: number
}

/**
 * Makes the partitions of the time that is kept and of the days ahead, and drops those whose time has passed. Of
 * several processes one does it; the others return null at once.
 */
export async function applyRetention(now: EpochMs): Promise<RetentionReport | null> {
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ isMine: boolean }>(
      `select pg_try_advisory_lock(hashtextextended('oomscope retention', 0)) as "isMine"`,
    )
    if (!rows[0]?.isMine) return null
    try {
      return await applyToTables(now)
    } finally {
      await client.query(`select pg_advisory_unlock(hashtextextended('oomscope retention', 0))`)
    }
  } finally {
    client.release()
  }
}

async function applyToTables(now: EpochMs): Promise<RetentionReport> {
  const report: RetentionReport = { made: [], dropped: [], keptRows: 0 }
  for (const { table, resolution } of TABLES) {
    const since = keptSince(resolution, now)
    if (since === null) continue
    report.made.push(...(await makePartitions(table, since, now + AHEAD_MS)))
    for (const partition of await listPartitions(table, pool)) {
      if (partition.to > since) continue
      report.keptRows += await dropPartition(table, partition, resolution === 'raw' ? keptHours(partition) : null)
      report.dropped.push(partition.name)
    }
  }
  return report
}
