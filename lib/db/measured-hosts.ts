import { pool } from '@/lib/db/client'
import { meetHost } from '@/lib/db/hosts'
import { AppError } from '@/lib/errors'
import type { EpochMs } from '@/lib/units'

interface Known {
  id: string
  name: string
  aliases: string[]
}

/** A sighting is written at most this often: a host that sends every 10 s would change its row as often. */
const SIGHTING_EVERY = '1 minute'

/**
 * The hosts of these names, made on first contact, with their sightings. A host whose row another transaction holds is
 * not waited for: its next sighting comes in seconds.
 *
 * @returns the id of every name
 */
export async function meetMeasuredHosts(
  seen: ReadonlyMap<string, { from: EpochMs; to: EpochMs }>,
): Promise<Map<string, string>> {
  const names = [...seen.keys()].sort()
  const { rows } = await pool.query<Known>({
    name: 'measured-hosts',
    text: `select "id", "name", coalesce("aliases", '{}') as "aliases" from "Host" where "name" = any($1) or "aliases" && $1`,
    values: [names],
  })
  const ids = new Map<string, string>()
  for (const { id, aliases } of rows) for (const alias of aliases) ids.set(alias, id)
  // A present name stands above a former one.
  for (const { id, name } of rows) ids.set(name, id)
  const sighted: { id: string; from: Date; to: Date }[] = []
  for (const name of names) {
    const span = seen.get(name)
    const id = ids.get(name)
    if (!span) continue
    if (id === undefined) ids.set(name, await meetHost(pool, { name, seen: span, isSample: false }))
    else sighted.push({ id, from: new Date(span.from), to: new Date(span.to) })
  }
  await pool.query({
    name: 'sight-hosts',
    text: `update "Host" h
              set "firstSeenAt" = least(h."firstSeenAt", s."from"), "lastSeenAt" = greatest(h."lastSeenAt", s."to"),
                  "isSample" = false
             from (select t."id", t."from", t."to"
                     from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as t("id", "from", "to")
                     join "Host" k using ("id")
                    where k."firstSeenAt" > t."from" or k."lastSeenAt" < t."to" - interval '${SIGHTING_EVERY}'
                    order by t."id" for no key update of k skip locked) s
            where h."id" = s."id"`,
    values: [sighted.map(({ id }) => id), sighted.map(({ from }) => from), sighted.map(({ to }) => to)],
  })
  return ids
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
