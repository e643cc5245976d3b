import { pool } from '@/lib/db/client'
import { findNearest, insertLists, type ListClient, type ListedSeries, pivot } from '@/lib/db/lists'
import type { ProcessSeries } from '@/lib/metrics/bucketed'
import type { ProcessSample } from '@/lib/metrics/measured'
import { bucketsFor } from '@/lib/metrics/tiers'
import type { EpochMs } from '@/lib/units'

/** Stores lists of processes of one host; what is stored of an instant stands. @returns how many lists were new */
export async function insertProcesses(
  hostId: string,
  samples: readonly ProcessSample[],
  options: { uploadId?: string | null; client?: ListClient } = {},
): Promise<number> {
  return (await insertProcessesByHost(new Map([[hostId, samples]]), options)).get(hostId) ?? 0
}

/** The same for several hosts in one statement. @returns how many lists were new, by host */
export function insertProcessesByHost(
  samplesByHost: ReadonlyMap<string, readonly ProcessSample[]>,
  { uploadId = null, client = pool }: { uploadId?: string | null; client?: ListClient } = {},
): Promise<Map<string, number>> {
  const rows = [...samplesByHost].flatMap(([hostId, samples]) =>
    samples.map(({ at, processes }) => ({
      hostId,
      at,
      pid: processes.map((process) => process.pid),
      comm: processes.map((process) => process.comm),
      rss: processes.map((process) => Math.round(process.rss)),
      swap: processes.map((process) => (process.swap === null ? null : Math.round(process.swap))),
      oomScoreAdj: processes.map((process) => process.oomScoreAdj),
    })),
  )
  return insertLists('ProcessSample', rows, uploadId, client)
}

/** The list of processes nearest before or at an instant, not older than `withinMs`; null without one. */
export async function findProcesses(
  hostId: string,
  at: EpochMs,
  withinMs: number,
  client: ListClient = pool,
): Promise<ProcessSample | null> {
  const row = await findNearest<{
    pid: number[]
    comm: string[]
    rss: number[]
    swap: (number | null)[]
    oomScoreAdj: (number | null)[]
  }>(
    'ProcessSample',
    '"pid", "comm", "rss"::float8[], "swap"::float8[], "oomScoreAdj"',
    { hostId, at, withinMs },
    client,
  )
  if (!row) return null
  return {
    at: row.at.getTime(),
    processes: row.pid.map((pid, index) => ({
      pid,
      comm: row.comm[index] ?? '',
      rss: row.rss[index] ?? 0,
      swap: row.swap[index] ?? null,
      oomScoreAdj: row.oomScoreAdj[index] ?? null,
    })),
  }
}

/** The `top` processes of a range that were largest by resident and swapped size together, over time. */
export async function listProcessSeries(
  hostId: string,
  range: { from: EpochMs; to: EpochMs },
  { top = 10, points = 500 }: { top?: number; points?: number } = {},
): Promise<ProcessSeries> {
  const { from, to, bucketMs } = bucketsFor(range, Math.max(2, points))
  const { rows } = await pool.query<ListedSeries<'rss' | 'swap'> & { pid: number; comm: string }>(
    `with "listed" as materialized (
       select date_part('epoch', date_bin('${bucketMs} ms', s."at", timestamptz 'epoch')) * 1000 as "at",
              p."pid", p."comm", max(p."rss") as "rss", max(p."swap") as "swap",
              max(p."rss" + coalesce(p."swap", 0)) as "peak"
         from "ProcessSample" s, unnest(s."pid", s."comm", s."rss", s."swap") as p("pid", "comm", "rss", "swap")
        where s."hostId" = $1 and s."at" >= $2 and s."at" < $3
        group by 1, 2, 3)
     select "pid", "comm", max("peak")::float8 as "peak",
            array_agg("at" order by "at") as "at",
            array_agg("rss"::float8 order by "at") as "rss", array_agg("swap"::float8 order by "at") as "swap"
       from "listed" group by 1, 2 order by 3 desc, 1 limit $4`,
    [hostId, new Date(from), new Date(to), top],
  )
  const { at, entries } = pivot(rows, ['rss', 'swap'])
  return {
    from,
    to,
    bucketMs,
    at,
    processes: rows.map(({ pid, comm, peak }, index) => ({ pid, comm, peak, ...entries(index) })),
  }
}
