import type pg from 'pg'
import { inTransaction, pool } from '@/lib/db/client'
import { insertSamples, listSamples } from '@/lib/db/samples'

type Client = Pick<pg.PoolClient, 'query'>

/** What a sender's name for a machine means: a host, or several that share it. */
export type Meant = { hostId: string } | 'several'

/** A name as one sender uses it: `localhost:9100` means something only to its sender. */
export interface SenderName {
  senderId: string
  name: string
}

/** One text for a name and its sender, to look it up by. */
export function nameKey({ senderId, name }: SenderName): string {
  return `${senderId} ${name}`
}

/** The machines behind names, by `nameKey`; names never explained are left out. */
export async function findMeant(client: Client, names: readonly SenderName[]): Promise<Map<string, Meant>> {
  if (names.length === 0) return new Map()
  const { rows } = await client.query<{ senderId: string; name: string; hostId: string | null }>({
    name: 'find-meant',
    text: `select "senderId", "name", "hostId" from "SenderName"
             join unnest($1::text[], $2::text[]) as g("senderId", "name") using ("senderId", "name")`,
    values: [names.map(({ senderId }) => senderId), names.map(({ name }) => name)],
  })
  return new Map(rows.map((row) => [nameKey(row), row.hostId === null ? 'several' : { hostId: row.hostId }]))
}

/**
 * Remembers which machines names stand for. A name that stood for another machine before is one that several share
 * (`localhost:9100` in a configuration copied to every host) and means nothing from then on.
 *
 * @param told each name once
 * @returns those that were news
 */
export async function learnNames(
  client: Client,
  told: readonly (SenderName & { meant: Meant })[],
): Promise<(SenderName & { meant: Meant })[]> {
  if (told.length === 0) return []
  // In one order: two that learn the same names must not wait for each other in a ring.
  const names = [...told].sort((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1))
  const { rows } = await client.query<{ senderId: string; name: string; hostId: string | null }>({
    name: 'learn-names',
    text: `insert into "SenderName" ("senderId", "name", "hostId")
           select * from unnest($1::text[], $2::text[], $3::text[])
           on conflict ("senderId", "name") do update set "hostId" = null
             where "SenderName"."hostId" is not null and "SenderName"."hostId" is distinct from excluded."hostId"
           returning "senderId", "name", "hostId"`,
    values: [
      names.map(({ senderId }) => senderId),
      names.map(({ name }) => name),
      names.map(({ meant }) => (meant === 'several' ? null : meant.hostId)),
    ],
  })
  return rows.map(({ hostId, ...name }) => ({ ...name, meant: hostId === null ? 'several' : { hostId } }))
}

export async function saveMachineId(client: Client, hostId: string, machineId: string): Promise<void> {
  await client.query('update "Host" set "machineId" = $2 where "id" = $1 and "machineId" is distinct from $2', [
    hostId,
    machineId,
  ])
}

/**
 * Hosts that were made only because a part of the first scrape came before the one that names the machine: what was
 * stored of them goes to the machine, and they are gone. Hosts that anything else is known of, or older than an hour,
 * are left alone.
 *
 * @param machines the machine's host id by the name under which it was scraped
 */
export async function adoptScrapes(machines: ReadonlyMap<string, string>): Promise<void> {
  if (machines.size === 0) return
  const { rows } = await pool.query<{ id: string; name: string }>({
    name: 'find-scraped',
    text: `select h."id", h."name" from "Host" h
            where h."name" = any($1) and h."createdAt" > now() - interval '1 hour'
              and not exists (select 1 from "Upload" u where u."hostId" = h."id")
              and not exists (select 1 from "FactSource" f where f."hostId" = h."id")
              and not exists (select 1 from "Stream" t where t."hostId" = h."id")`,
    values: [[...machines.keys()]],
  })
  for (const { id, name } of rows) {
    const hostId = machines.get(name)
    if (hostId !== undefined && hostId !== id) await inTransaction((client) => adopt(client, id, hostId))
  }
}

async function adopt(client: Client, scrapedId: string, hostId: string): Promise<void> {
  const { rows } = await client.query<{ first: number | null; last: number | null }>(
    `select date_part('epoch', min("at")) * 1000 as "first", date_part('epoch', max("at")) * 1000 as "last"
       from "MemorySample" where "hostId" = $1`,
    [scrapedId],
  )
  const { first = null, last = null } = rows[0] ?? {}
  if (first !== null && last !== null) {
    await insertSamples(hostId, await listSamples(scrapedId, { from: first, to: last }, client), { client })
  }
  for (const [table, key] of [
    ['CgroupSample', 'at'],
    ['Counter', 'name'],
  ]) {
    await client.query(
      `update "${table}" t set "hostId" = $2 where "hostId" = $1
          and not exists (select 1 from "${table}" own where own."hostId" = $2 and own."${key}" = t."${key}")`,
      [scrapedId, hostId],
    )
  }
  for (const table of ['MemorySample', 'MemoryRollup', 'CgroupSample']) {
    await client.query(`delete from "${table}" where "hostId" = $1`, [scrapedId])
  }
  await client.query('delete from "Host" where "id" = $1', [scrapedId])
}
