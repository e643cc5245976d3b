import type pg from 'pg'

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
 */
export async function learnName(client: Client, senderId: string, name: string, hostId: string): Promise<void> {
  await client.query(
    `insert into "SenderName" ("senderId", "name", "hostId") values ($1, $2, $3)
     on conflict ("senderId", "name") do update set "hostId" = null
       where "SenderName"."hostId" is distinct from excluded."hostId"`,
    [senderId, name, hostId],
  )
}

export async function saveMachineId(client: Client, hostId: string, machineId: string): Promise<void> {
  await client.query('update "Host" set "machineId" = $2 where "id" = $1 and "machineId" is distinct from $2', [
    hostId,
    machineId,
  ])
}
