import type pg from 'pg'
import { pool } from '@/lib/db/client'
import type { EpochMs } from '@/lib/units'

type Client = Pick<pg.PoolClient, 'query'>

/** The last value of a counter of a host. */
export interface StoredCounter {
  name: string
  at: EpochMs
  value: number
}

/**
 * The last values of some hosts' counters, locked: a rate is made of two neighbouring values once.
 *
 * @param prefix of their names; '' for those of the machine itself, whose names have no space
 */
export async function holdCounters(
  client: Client,
  hostIds: string[],
  prefix = '',
): Promise<Map<string, StoredCounter[]>> {
  const { rows } = await client.query<{ hostId: string; name: string; at: Date; value: number }>({
    name: 'hold-counters',
    text: `select "hostId", "name", "at", "value" from "Counter"
            where "hostId" = any($1) and case when $2 = '' then "name" not like '% %' else starts_with("name", $2) end
            order by "hostId", "name" for update`,
    values: [hostIds, prefix],
  })
  const counters = new Map<string, StoredCounter[]>()
  for (const { hostId, name, at, value } of rows) {
    const ofHost = counters.get(hostId) ?? []
    ofHost.push({ name, at: at.getTime(), value })
    counters.set(hostId, ofHost)
  }
  return counters
}

/** Keeps the newer of what is stored and what is given. */
export async function saveCounters(client: Client, counters: ReadonlyMap<string, StoredCounter[]>): Promise<void> {
  const rows = [...counters].flatMap(([hostId, ofHost]) => ofHost.map((counter) => ({ hostId, ...counter })))
  if (rows.length === 0) return
  rows.sort((a, b) => (a.hostId === b.hostId ? compare(a.name, b.name) : compare(a.hostId, b.hostId)))
  await client.query({
    name: 'save-counters',
    text: `insert into "Counter" ("hostId", "name", "at", "value")
      select c."hostId", c."name", to_timestamp(c."at" / 1000), c."value"
        from unnest($1::text[], $2::text[], $3::float8[], $4::float8[]) as c("hostId", "name", "at", "value")
      on conflict ("hostId", "name") do update set "at" = excluded."at", "value" = excluded."value"
        where "Counter"."at" < excluded."at"`,
    values: [
      rows.map((row) => row.hostId),
      rows.map((row) => row.name),
      rows.map((row) => row.at),
      rows.map((row) => row.value),
    ],
  })
}

/** Forgets counters that begin with `prefix` and were not told for a day: containers come and go. */
export async function forgetCounters(prefix: string): Promise<void> {
  await pool.query(`delete from "Counter" where starts_with("name", $1) and "at" < now() - interval '1 day'`, [prefix])
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
