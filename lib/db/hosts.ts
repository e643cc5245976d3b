import type pg from 'pg'
import { pool, prisma } from '@/lib/db/client'
import { newId } from '@/lib/db/ids'
import { listRecent } from '@/lib/db/recent'
import { SAMPLE_COLUMNS, type SampleRow, toSample } from '@/lib/db/sample-rows'
import { AppError } from '@/lib/errors'
import type { Boot, HostSummary } from '@/lib/incidents/host'
import type { Series } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

interface Row extends SampleRow {
  id: string
  name: string
  isSample: boolean
  firstSeenAt: Date
  lastSeenAt: Date
  lastKillAt: Date | null
  kills7d: number
  kills30d: number
}

const SELECT_HOSTS = `
  select h."id", h."name", h."isSample", h."firstSeenAt", h."lastSeenAt",
         k."lastKillAt", k."kills7d", k."kills30d", ${SAMPLE_COLUMNS.map((column) => `s.${column}`).join(', ')}
    from "Host" h
    cross join lateral (
      select max("at") as "lastKillAt",
             count(*) filter (where "at" > now() - interval '7 days')::int as "kills7d",
             count(*) filter (where "at" > now() - interval '30 days')::int as "kills30d"
        from "Kill" where "hostId" = h."id") k
    left join lateral (
      select * from "MemorySample" where "hostId" = h."id" order by "at" desc limit 1) s on true`

/** Ascending by name. Kills are counted back from now. */
export async function listHosts(): Promise<HostSummary[]> {
  const { rows } = await pool.query<Row>(`${SELECT_HOSTS} order by h."name"`)
  const recent = await listRecent(rows.map(({ id }) => id))
  return rows.map((row) => toHost(row, recent.get(row.id) ?? []))
}

/** A host by its present or a former name; boots newest first. */
export async function findHost(name: string): Promise<(HostSummary & { boots: Boot[] }) | null> {
  const { rows } = await pool.query<Row>(
    `${SELECT_HOSTS} where h."name" = $1 or $1 = any(h."aliases") order by h."name" = $1 desc limit 1`,
    [name],
  )
  const row = rows[0]
  if (!row) return null
  const recent = await listRecent([row.id])
  return { ...toHost(row, recent.get(row.id) ?? []), boots: await listBoots(row.id) }
}

/** Newest first; those without a time last. */
export async function listBoots(hostId: string): Promise<Boot[]> {
  const boots = await prisma.boot.findMany({
    where: { hostId },
    orderBy: [{ startedAt: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }],
    select: { id: true, startedAt: true, endedAt: true, kernel: true },
  })
  return boots.map((boot) => ({
    ...boot,
    startedAt: boot.startedAt?.getTime() ?? null,
    endedAt: boot.endedAt?.getTime() ?? null,
  }))
}

/** @throws AppError 'not-found' */
export async function getHost(name: string): Promise<HostSummary & { boots: Boot[] }> {
  const host = await findHost(name)
  if (!host) throw new AppError('not-found', `There is no host ${name}.`)
  return host
}

/**
 * The host of that name, made on first contact; its first and last sighting widened by `seen`.
 *
 * @returns the host's id
 */
export async function meetHost(
  client: Pick<pg.PoolClient, 'query'>,
  host: { name: string; seen: { from: EpochMs; to: EpochMs }; isSample: boolean },
): Promise<string> {
  const known = await client.query<{ id: string }>(
    `select "id" from "Host" where "name" = $1 or $1 = any("aliases") order by "name" = $1 desc limit 1`,
    [host.name],
  )
  const { rows } = await client.query<{ id: string }>(
    `insert into "Host" ("id", "name", "isSample", "firstSeenAt", "lastSeenAt")
     values ($1, coalesce((select "name" from "Host" where "id" = $1), $2), $3, $4, $5)
     on conflict ("name") do update
       set "firstSeenAt" = least("Host"."firstSeenAt", excluded."firstSeenAt"),
           "lastSeenAt" = greatest("Host"."lastSeenAt", excluded."lastSeenAt"),
           "isSample" = "Host"."isSample" and excluded."isSample"
     returning "id"`,
    [known.rows[0]?.id ?? newId(), host.name, host.isSample, new Date(host.seen.from), new Date(host.seen.to)],
  )
  const row = rows[0]
  if (!row) throw new Error(`host ${host.name} was neither found nor made`)
  return row.id
}

/** @throws when there is no such host: callers hold an id they read in the same transaction */
export async function findHostName(client: Pick<pg.PoolClient, 'query'>, hostId: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select "name" from "Host" where "id" = $1', [hostId])
  const row = rows[0]
  if (!row) throw new Error(`host ${hostId} is gone`)
  return row.name
}

/** Removes hosts among these that nothing is known of any more. */
export async function forgetEmptyHosts(client: Pick<pg.PoolClient, 'query'>, hostIds: string[]): Promise<void> {
  await client.query(
    `delete from "Host" h where h."id" = any($1)
        and not exists (select 1 from "Upload" where "hostId" = h."id")
        and not exists (select 1 from "FactSource" where "hostId" = h."id")
        and not exists (select 1 from "Stream" where "hostId" = h."id")
        and not exists (select 1 from "MemorySample" where "hostId" = h."id")
        -- Samples are dropped after some days, what they were rolled up to is not.
        and not exists (select 1 from "MemoryRollup" where "hostId" = h."id")`,
    [hostIds],
  )
}

function toHost(row: Row, recent: Series): HostSummary {
  return {
    id: row.id,
    name: row.name,
    latest: row.at === null ? null : toSample(row),
    recent,
    lastKillAt: row.lastKillAt?.getTime() ?? null,
    kills7d: row.kills7d,
    kills30d: row.kills30d,
    firstSeenAt: row.firstSeenAt.getTime(),
    lastSeenAt: row.lastSeenAt.getTime(),
    isSample: row.isSample,
  }
}
