import { OVERVIEW_FIELDS, OVERVIEW_POINTS, type OverviewInput } from '@/lib/charts/overview'
import { pool } from '@/lib/db/client'
import { listSeries } from '@/lib/db/series'
import type { EpochMs } from '@/lib/units'

const MOST_INCIDENTS = 500
const HOUR = 3_600_000

/** Everything kept of a host, for the small chart under the others; of its incidents the latest. */
export async function readOverview(hostId: string): Promise<OverviewInput> {
  const [extent, incidents] = await Promise.all([findExtent(hostId), listSpans(hostId)])
  const series = extent && (await listSeries(hostId, extent, { points: OVERVIEW_POINTS, fields: OVERVIEW_FIELDS }))
  return { series, incidents }
}

/** From the first to the last hour with samples: their rollups are kept the longest. */
async function findExtent(hostId: string): Promise<{ from: EpochMs; to: EpochMs } | null> {
  const { rows } = await pool.query<{ from: number | null; to: number | null }>(
    `select date_part('epoch', min("at")) * 1000 as "from", date_part('epoch', max("at")) * 1000 as "to"
       from "MemoryRollup" where "hostId" = $1 and "tier" = ${HOUR}`,
    [hostId],
  )
  const { from = null, to = null } = rows[0] ?? {}
  return from === null || to === null ? null : { from, to: to + HOUR }
}

async function listSpans(hostId: string): Promise<OverviewInput['incidents']> {
  const { rows } = await pool.query<{ from: number; to: number; killTimes: Date[] }>(
    `select date_part('epoch', "from") * 1000 as "from", date_part('epoch', "to") * 1000 as "to", "killTimes"
       from "Incident" where "hostId" = $1 and "from" is not null and "to" is not null
      order by "listedAt" desc limit $2`,
    [hostId, MOST_INCIDENTS],
  )
  return rows.map((row) => ({ ...row, killTimes: row.killTimes.map((at) => at.getTime()) }))
}
