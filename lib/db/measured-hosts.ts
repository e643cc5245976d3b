import { pool } from '@/lib/db/client'
import { newId } from '@/lib/db/ids'
import { AppError } from '@/lib/errors'
import type { EpochMs } from '@/lib/units'

interface Known {
  id: string
  name: string
  aliases: string[]
  firstSeenAt: Date
  lastSeenAt: Date
  isSample: boolean
}

interface Span {
  from: EpochMs
  to: EpochMs
}

/** A sighting is written at most this often: a host that sends every 10 s would change its row as often. */
const SIGHTING_EVERY_MS = 60_000

/**
 * The hosts of these names, made on first contact, with their sightings. A host whose row another transaction holds is
 * not waited for: its next sighting comes in seconds.
 *
 * @param seen when each was seen; a sighting within a minute of the last one kept is not kept
 * @returns the id of every name
 */
export async function meetMeasuredHosts(seen: ReadonlyMap<string, Span>): Promise<Map<string, string>> {
  if (seen.size === 0) return new Map()
  const { rows } = await pool.query<Known>({
    name: 'measured-hosts',
    text: `select "id", "name", coalesce("aliases", '{}') as "aliases", "firstSeenAt", "lastSeenAt", "isSample"
             from "Host" where "name" = any($1) or "aliases" && $1`,
    values: [[...seen.keys()]],
  })
  const known = new Map<string, Known>()
  for (const host of rows) for (const alias of host.aliases) known.set(alias, host)
  // A present name stands above a former one.
  for (const host of rows) known.set(host.name, host)
  const unknown = new Map([...seen].filter(([name]) => !known.has(name)))
  const ids = unknown.size === 0 ? new Map<string, string>() : await makeHosts(unknown)
  const due = new Map<string, Span>()
  for (const [name, span] of seen) {
    const host = known.get(name)
    if (!host) continue
    ids.set(name, host.id)
    if (isNews(host, span)) due.set(host.id, span)
  }
  if (due.size > 0) await sight(due)
  return ids
}

function isNews({ firstSeenAt, lastSeenAt, isSample }: Known, { from, to }: Span): boolean {
  return isSample || from < firstSeenAt.getTime() || to > lastSeenAt.getTime() + SIGHTING_EVERY_MS
}

/** In one order: two that make the same hosts must not wait for each other in a ring. */
async function makeHosts(seen: ReadonlyMap<string, Span>): Promise<Map<string, string>> {
  const hosts = [...seen].sort(([a], [b]) => (a < b ? -1 : 1))
  const { rows } = await pool.query<{ id: string; name: string }>({
    name: 'make-hosts',
    text: `insert into "Host" ("id", "name", "isSample", "firstSeenAt", "lastSeenAt")
           select n."id", n."name", false, n."from", n."to"
             from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[]) as n("id", "name", "from", "to")
           on conflict ("name") do update
             set "firstSeenAt" = least("Host"."firstSeenAt", excluded."firstSeenAt"),
                 "lastSeenAt" = greatest("Host"."lastSeenAt", excluded."lastSeenAt"), "isSample" = false
           returning "id", "name"`,
    values: [
      hosts.map(() => newId()),
      hosts.map(([name]) => name),
      hosts.map(([, { from }]) => new Date(from)),
      hosts.map(([, { to }]) => new Date(to)),
    ],
  })
  return new Map(rows.map(({ id, name }) => [name, id]))
}

async function sight(due: ReadonlyMap<string, Span>): Promise<void> {
  await pool.query({
    name: 'sight-hosts',
    text: `update "Host" h
              set "firstSeenAt" = least(h."firstSeenAt", s."from"), "lastSeenAt" = greatest(h."lastSeenAt", s."to"),
                  "isSample" = false
             from (select t."id", t."from", t."to"
                     from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as t("id", "from", "to")
                     join "Host" k using ("id")
                    order by t."id" for no key update of k skip locked) s
            where h."id" = s."id"`,
    values: [
      [...due.keys()],
      [...due.values()].map(({ from }) => new Date(from)),
      [...due.values()].map(({ to }) => new Date(to)),
    ],
  })
}

/**
 * A host by its present or a former name, its id and present name alone: what a chart needs.
 *
 * @throws AppError 'not-found'
 */
export async function getHostIdentity(name: string): Promise<{ id: string; name: string }> {
  const { rows } = await pool.query<{ id: string; name: string }>({
    name: 'host-identity',
    text: `select "id", "name" from "Host" where "name" = $1 or "aliases" @> array[$1] order by "name" = $1 desc limit 1`,
    values: [name],
  })
  const [host] = rows
  if (!host) throw new AppError('not-found', `There is no host ${name}.`)
  return host
}
