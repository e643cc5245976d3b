import { pool } from '@/lib/db/client'
import { findNearest, insertLists, type ListClient, type ListedSeries, pivot } from '@/lib/db/lists'
import type { CgroupSeries } from '@/lib/metrics/bucketed'
import type { CgroupSample, GroupSample } from '@/lib/metrics/measured'
import { bucketsFor } from '@/lib/metrics/tiers'
import type { EpochMs } from '@/lib/units'

/** Stores lists of cgroups of one host; what is stored of an instant stands. @returns how many lists were new */
export async function insertCgroups(
  hostId: string,
  samples: readonly CgroupSample[],
  options: { uploadId?: string | null; client?: ListClient } = {},
): Promise<number> {
  return (await insertCgroupsByHost(new Map([[hostId, samples]]), options)).get(hostId) ?? 0
}

/** The same for several hosts in one statement. @returns how many lists were new, by host */
export function insertCgroupsByHost(
  samplesByHost: ReadonlyMap<string, readonly CgroupSample[]>,
  { uploadId = null, client = pool }: { uploadId?: string | null; client?: ListClient } = {},
): Promise<Map<string, number>> {
  const rounded = (value: number | null) => (value === null ? null : Math.round(value))
  const rows = [...samplesByHost].flatMap(([hostId, samples]) =>
    samples.map(({ at, cgroups }) => ({
      hostId,
      at,
      path: cgroups.map((cgroup) => cgroup.path),
      usage: cgroups.map((cgroup) => rounded(cgroup.usage)),
      limit: cgroups.map((cgroup) => rounded(cgroup.limit)),
      swap: cgroups.map((cgroup) => rounded(cgroup.swap)),
      oomKills: cgroups.map((cgroup) => rounded(cgroup.oomKills)),
    })),
  )
  return insertLists('CgroupSample', rows, uploadId, client)
}

/** What one cgroup used in a range, ascending; instants at which it was not listed are left out. */
export async function listGroupSamples(
  hostId: string,
  path: string,
  range: { from: EpochMs; to: EpochMs },
  client: ListClient = pool,
): Promise<GroupSample[]> {
  const { rows } = await client.query<{ at: EpochMs; usage: number; limit: number | null }>(
    `select date_part('epoch', s."at") * 1000 as "at", c."usage"::float8, c."limit"::float8
       from "CgroupSample" s, unnest(s."path", s."usage", s."limit") as c("path", "usage", "limit")
      where s."hostId" = $1 and s."at" between $2 and $3 and c."path" = $4 and c."usage" is not null order by 1`,
    [hostId, new Date(range.from), new Date(range.to), path],
  )
  return rows
}

/** The list of cgroups nearest before or at an instant, not older than `withinMs`; null without one. */
export async function findCgroups(
  hostId: string,
  at: EpochMs,
  withinMs: number,
  client: ListClient = pool,
): Promise<CgroupSample | null> {
  const row = await findNearest<{
    path: string[]
    usage: (number | null)[]
    limit: (number | null)[]
    swap: (number | null)[]
    oomKills: (number | null)[]
  }>(
    'CgroupSample',
    '"path", "usage"::float8[], "limit"::float8[], "swap"::float8[], "oomKills"',
    { hostId, at, withinMs },
    client,
  )
  if (!row) return null
  return {
    at: row.at.getTime(),
    cgroups: row.path.flatMap((path, index) => {
      const usage = row.usage[index] ?? null
      // Of which the rest of the scrape has not come.
      if (usage === null) return []
      const [limit, swap, oomKills] = [row.limit, row.swap, row.oomKills].map((column) => column[index] ?? null)
      return { path, usage, limit: limit ?? null, swap: swap ?? null, oomKills: oomKills ?? null }
    }),
  }
}

/** The `top` memory cgroups of a range by largest usage, over time. */
export async function listCgroupSeries(
  hostId: string,
  range: { from: EpochMs; to: EpochMs },
  { top = 10, points = 500 }: { top?: number; points?: number } = {},
): Promise<CgroupSeries> {
  const { from, to, bucketMs } = bucketsFor(range, Math.max(2, points))
  const { rows } = await pool.query<ListedSeries<'usage' | 'limit' | 'swap' | 'oomKills'> & { path: string }>(
    `with "listed" as materialized (
       select date_part('epoch', date_bin('${bucketMs} ms', s."at", timestamptz 'epoch')) * 1000 as "at",
              c."path", max(c."usage") as "usage", min(c."limit") as "limit", max(c."swap") as "swap",
              sum(c."oomKills") as "oomKills"
         from "CgroupSample" s,
              unnest(s."path", s."usage", s."limit", s."swap", s."oomKills") as c("path", "usage", "limit", "swap", "oomKills")
        where s."hostId" = $1 and s."at" >= $2 and s."at" < $3 and c."usage" is not null
        group by 1, 2)
     select "path", max("usage")::float8 as "peak", array_agg("at" order by "at") as "at",
            array_agg("usage"::float8 order by "at") as "usage", array_agg("limit"::float8 order by "at") as "limit",
            array_agg("swap"::float8 order by "at") as "swap", array_agg("oomKills"::float8 order by "at") as "oomKills"
       from "listed" group by 1 order by 2 desc, 1 limit $4`,
    [hostId, new Date(from), new Date(to), top],
  )
  const { at, entries } = pivot(rows, ['usage', 'limit', 'swap', 'oomKills'])
  return {
    from,
    to,
    bucketMs,
    at,
    cgroups: rows.map(({ path, peak }, index) => ({ path, peak, ...entries(index) })),
  }
}
