import { pool } from '@/lib/db/client'
import type { Bytes } from '@/lib/units'

/** What this instance holds and what waits in it; sample incidents left out. */
export interface InstanceFigures {
  kills: { host: string; comm: string | null; constraint: string | null; count: number }[]
  incidents: { host: string; class: string; count: number }[]
  uploads: { state: string; count: number }[]
  /** Age of the oldest upload that waits to be read, in seconds; null when none waits. */
  oldestWaitingSeconds: number | null
  hosts: number
  /** Lines of streams that something came to in the last days. */
  streams: { source: string; kept: number; dropped: number }[]
  databaseBytes: Bytes
}

/** Counted now, in six queries of which none reads samples or lines. */
export async function readInstanceFigures(): Promise<InstanceFigures> {
  const [kills, incidents, uploads, waiting, streams, sizes] = await Promise.all([
    pool.query<InstanceFigures['kills'][number]>(
      `select h."name" as "host", k."comm", k."detail"->>'constraint' as "constraint", count(*)::float8 as "count"
         from "Kill" k join "Host" h on h."id" = k."hostId" where not h."isSample" group by 1, 2, 3 order by 1, 2, 3`,
    ),
    pool.query<InstanceFigures['incidents'][number]>(
      `select h."name" as "host", i."class", count(*)::float8 as "count"
         from "Incident" i join "Host" h on h."id" = i."hostId" where not i."isSample" group by 1, 2 order by 1, 2`,
    ),
    pool.query<InstanceFigures['uploads'][number]>(
      `select "state"::text, count(*)::float8 as "count" from "Upload" where not "isSample" group by 1 order by 1`,
    ),
    pool.query<{ seconds: number | null }>(
      `select extract(epoch from now() - min("receivedAt"))::float8 as "seconds" from "Upload" where "state" = 'received'`,
    ),
    pool.query<InstanceFigures['streams'][number]>(
      `select "source", sum("kept")::float8 as "kept", sum("dropped")::float8 as "dropped" from "Stream" group by 1 order by 1`,
    ),
    pool.query<{ hosts: number; databaseBytes: number }>(
      `select (select count(*)::float8 from "Host" where not "isSample") as "hosts",
              pg_database_size(current_database())::float8 as "databaseBytes"`,
    ),
  ])
  return {
    kills: kills.rows,
    incidents: incidents.rows,
    uploads: uploads.rows,
    oldestWaitingSeconds: waiting.rows[0]?.seconds ?? null,
    hosts: sizes.rows[0]?.hosts ?? 0,
    streams: streams.rows,
    databaseBytes: sizes.rows[0]?.databaseBytes ?? 0,
  }
}
