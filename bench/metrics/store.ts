import { closeDatabase, inTransaction, pool } from '@/lib/db/client'
import { meetHost } from '@/lib/db/hosts'
import { insertSamples } from '@/lib/db/samples'
import { listSeries } from '@/lib/db/series'
import type { Sample, SampleField } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** What the trial does beside the server, through the same functions as it. */

export type { SampleField }
export { closeDatabase, listSeries }

const BATCH = 5_000

/** Stores one sample every 10 s that ends at `until`. @returns the host's id and rows a second */
export async function fillHost(
  name: string,
  { until, steps, sampleAt }: { until: EpochMs; steps: number; sampleAt: (at: EpochMs, step: number) => Sample },
): Promise<{ hostId: string; rowsPerSecond: number }> {
  const hostId = await inTransaction((client) =>
    meetHost(client, { name, seen: { from: until - steps * 10_000, to: until }, isSample: false }),
  )
  const start = performance.now()
  for (let step = 0; step < steps; step += BATCH) {
    const count = Math.min(BATCH, steps - step)
    const series = Array.from({ length: count }, (_, index) =>
      sampleAt(until - (steps - 1 - step - index) * 10_000, step + index),
    )
    await insertSamples(hostId, series)
  }
  return { hostId, rowsPerSecond: Math.round(steps / ((performance.now() - start) / 1_000)) }
}

/** Bytes on disk, indexes included, after vacuuming away what updates left behind. */
export async function measureDisk(): Promise<{
  samples: number
  sampleBytes: number
  rollups: number
  rollupBytes: number
}> {
  await pool.query('vacuum analyze "MemorySample", "MemoryRollup"')
  const { rows } = await pool.query<{ table: string; rows: number; bytes: number }>(
    `select t."table", sum(pg_total_relation_size(p.relid))::float8 as "bytes", sum(c.reltuples)::float8 as "rows"
       from (values ('MemorySample'), ('MemoryRollup')) as t("table"),
            pg_partition_tree(to_regclass(format('%I', t."table"))) p join pg_class c on c.oid = p.relid
      where p.isleaf group by 1`,
  )
  const of = (table: string) => rows.find((row) => row.table === table) ?? { rows: 0, bytes: 0 }
  const [samples, rollups] = [of('MemorySample'), of('MemoryRollup')]
  return { samples: samples.rows, sampleBytes: samples.bytes, rollups: rollups.rows, rollupBytes: rollups.bytes }
}
