import type pg from 'pg'
import type { ChangedHost } from '@/lib/db/fact-store'
import { mergeRollups, quartersAgain } from '@/lib/db/rollups'
import { lockSamples } from '@/lib/db/samples'
import { SAMPLE_FIELDS } from '@/lib/metrics/sample'

const list = SAMPLE_FIELDS.map((field) => `"${field}"`).join(', ')

const HOUR = 3_600_000

// Hours of which every sample that their rollup counted is there: these can be rolled up again.
const TOUCHED_HOURS = `
  create temp table "touched_hours" on commit drop as
  select h."hostId", h."at", h."at" + interval '1 hour' as "end" from "MemoryRollup" h
    join (select distinct "hostId", date_bin('1 hour', "at", timestamptz 'epoch') as "at"
            from "MemorySample" where "hostId" = any($1) and "uploadId" = $2) t using ("hostId", "at")
   where h."hostId" = any($1) and h."tier" = ${HOUR}
     and (select max(c) from unnest(h."count") c) <= (
           select count(*) from "MemorySample" s
            where s."hostId" = h."hostId" and s."at" >= h."at" and s."at" < h."at" + interval '1 hour')`

const ROLL_UP_AGAIN = `
  with "told" as materialized (
    select s."hostId", s."at", date_part('epoch', s."at") * 1000 as "atMs", ${list}
      from "touched_hours" t join "MemorySample" s
        on s."hostId" = t."hostId" and s."at" >= t."at" and s."at" < t."end"),
  ${mergeRollups('"told"', { minute: `timestamptz '-infinity'`, tenMinutes: `timestamptz '-infinity'` })}
  select 1`

const QUARTERS = quartersAgain('"touched_hours"')

/**
 * Takes back the samples, processes and cgroups that came from an upload, and rolls up their hours again. Hours of
 * which other samples are no longer kept stay as they were: what else was in them cannot be read any more.
 *
 * @param client inside a transaction
 * @returns the hosts and spans the samples lay in
 */
export async function withdrawSamples(client: Pick<pg.PoolClient, 'query'>, uploadId: string): Promise<ChangedHost[]> {
  const { rows: sources } = await client.query<{ hostId: string }>(
    `select "hostId" from "UploadHost" where "uploadId" = $1`,
    [uploadId],
  )
  const hostIds = sources.map(({ hostId }) => hostId)
  if (hostIds.length === 0) return []
  await lockSamples(hostIds, client)
  await client.query(TOUCHED_HOURS, [hostIds, uploadId])
  const { rows } = await client.query<{ hostId: string; from: Date; to: Date }>(
    `with "gone" as (
       delete from "MemorySample" where "hostId" = any($1) and "uploadId" = $2 returning "hostId", "at")
     select "hostId", min("at") as "from", max("at") as "to" from "gone" group by "hostId"`,
    [hostIds, uploadId],
  )
  for (const table of ['ProcessSample', 'CgroupSample']) {
    await client.query(`delete from "${table}" where "hostId" = any($1) and "uploadId" = $2`, [hostIds, uploadId])
  }
  if (rows.length > 0) {
    await client.query(
      `delete from "MemoryRollup" r using "touched_hours" t
        where r."hostId" = t."hostId" and r."at" >= t."at" and r."at" < t."end" and r."tier" <= ${HOUR}`,
    )
    await client.query(ROLL_UP_AGAIN)
    // A quarter of a day has hours besides that were not touched.
    await client.query(QUARTERS.drop)
    await client.query(QUARTERS.make)
  }
  await client.query(`drop table "touched_hours"`)
  return rows.map(({ hostId, from, to }) => ({ hostId, from: from.getTime(), to: to.getTime() }))
}
