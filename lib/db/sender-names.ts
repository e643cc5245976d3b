import type pg from 'pg'
import { insertSamples, listSamples } from '@/lib/db/samples'

type Client = Pick<pg.PoolClient, 'query'>

/** What a sender's name for a machine means: a host, or several that share it. */
export type Meant = { hostId: string } | 'several'

/** The machines behind names one sender uses; names never explained are left out. */
export async function findMeant(client: Client, senderId: string, names: string[]): Promise<Map<string, Meant>> {
  const { rows } = await client.query<{ name: string; hostId: string | null }>(
    'select "name", "hostId" from "SenderName" where "senderId" = $1 and "name" = any($2)',
    [senderId, names],
  )
  return new Map(rows.map(({ name, hostId }) => [name, hostId === null ? 'several' : { hostId }]))
}

/**
 * Remembers which machine a name stands for. A name that stood for another machine before is one that several share
 * (`localhost:9100` in a configuration copied to every host) and means nothing from then on.
 *
 * @returns true when this was news
 */
export async function learnName(client: Client, senderId: string, name: string, hostId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into "SenderName" ("senderId", "name", "hostId") values ($1, $2, $3)
     on conflict ("senderId", "name") do update set "hostId" = null
       where "SenderName"."hostId" is distinct from excluded."hostId"`,
    [senderId, name, hostId],
  )
  return rowCount === 1
}

export async function saveMachineId(client: Client, hostId: string, machineId: string): Promise<void> {
  await client.query('update "Host" set "machineId" = $2 where "id" = $1 and "machineId" is distinct from $2', [
    hostId,
    machineId,
  ])
}

/**
 * A host that was made only because a part of the first scrape came before the one that names the machine: its samples
 * go to the machine, and it is gone. A host that anything else is known of, or older than an hour, is left alone.
 *
 * @param client inside a transaction
 */
export async function adoptScrape(client: Client, scrapedName: string, hostId: string): Promise<void> {
  const { rows } = await client.query<{ id: string; first: number; last: number }>(
    `select h."id", date_part('epoch', min(s."at")) * 1000 as "first", date_part('epoch', max(s."at")) * 1000 as "last"
       from "Host" h join "MemorySample" s on s."hostId" = h."id"
      where h."name" = $1 and h."id" <> $2 and h."createdAt" > now() - interval '1 hour'
        and not exists (select 1 from "Upload" u where u."hostId" = h."id")
        and not exists (select 1 from "FactSource" f where f."hostId" = h."id")
        and not exists (select 1 from "Stream" t where t."hostId" = h."id")
      group by h."id"`,
    [scrapedName, hostId],
  )
  const scraped = rows[0]
  if (!scraped) return
  const samples = await listSamples(scraped.id, { from: scraped.first, to: scraped.last }, client)
  await insertSamples(hostId, samples, { client })
  for (const table of ['MemorySample', 'MemoryRollup']) {
    await client.query(`delete from "${table}" where "hostId" = $1`, [scraped.id])
  }
  await client.query('delete from "Host" where "id" = $1', [scraped.id])
}
