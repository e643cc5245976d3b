import type pg from 'pg'
import { inTransaction } from '@/lib/db/client'
import { nextAfter, type PartitionUnit, startOf } from '@/lib/db/kept'
import type { EpochMs } from '@/lib/units'

type Client = Pick<pg.PoolClient, 'query'>

/** A table cut by time. What no partition covers is in its default partition, so nothing that writes waits for one. */
export interface PartitionedTable {
  name: 'MemorySample' | 'ProcessSample' | 'CgroupSample' | 'MemoryRollup_60000' | 'MemoryRollup_600000'
  rest: string
  unit: PartitionUnit
}

export interface Partition {
  name: string
  from: EpochMs
  /** Exclusive. */
  to: EpochMs
}

/** A reader or writer that holds a table longer than this makes maintenance try again later instead of queueing behind it. */
const LOCK_TIMEOUT = '2s'

/** Dated partitions, ascending. */
export async function listPartitions(table: PartitionedTable, client: Client): Promise<Partition[]> {
  const { rows } = await client.query<Partition>(
    `select "name", date_part('epoch', ("bound"[1])::timestamptz) * 1000 as "from",
            date_part('epoch', ("bound"[2])::timestamptz) * 1000 as "to"
       from (select c.relname as "name",
                    regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''(.*)''\\) TO \\(''(.*)''\\)') as "bound"
               from pg_inherits i join pg_class c on c.oid = i.inhrelid
              where i.inhparent = to_regclass($1)) p
      where "bound" is not null order by 2`,
    [`"${table.name}"`],
  )
  return rows
}

/**
 * Makes the missing partitions of [from, to] and moves into them what waits in the default one.
 *
 * @returns the names of those made
 */
export async function makePartitions(table: PartitionedTable, from: EpochMs, to: EpochMs): Promise<string[]> {
  const existing = await inTransaction((client) => listPartitions(table, client))
  const made: string[] = []
  for (let start = startOf(table.unit, from); start <= to; start = nextAfter(table.unit, start)) {
    const end = nextAfter(table.unit, start)
    if (existing.some((partition) => partition.from < end && partition.to > start)) continue
    made.push(await inTransaction((client) => makePartition(table, start, end, client)))
  }
  return made
}

async function makePartition(table: PartitionedTable, from: EpochMs, to: EpochMs, client: Client): Promise<string> {
  const day = new Date(from).toISOString().slice(0, table.unit === 'day' ? 10 : 7)
  const name = `${table.name}_${day.replaceAll('-', '_')}`
  const [start, end] = [new Date(from).toISOString(), new Date(to).toISOString()]
  await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`)
  // Names are ours and digits, so nothing foreign reaches a statement. Room in the pages of a rollup keeps the many
  // updates of its last bucket off the index.
  const storage = table.unit === 'month' ? 'with (fillfactor = 85)' : ''
  await client.query(
    `create table "${name}" (like "${table.name}" including defaults including constraints) ${storage}`,
  )
  // Writers wait for this lock, so nothing lands in the default partition between moving and attaching.
  await client.query(`lock table "${table.rest}" in access exclusive mode`)
  await client.query(`with "moved" as (delete from "${table.rest}" where "at" >= '${start}' and "at" < '${end}' returning *)
                      insert into "${name}" select * from "moved"`)
  await client.query(
    `alter table "${table.name}" attach partition "${name}" for values from ('${start}') to ('${end}')`,
  )
  return name
}

/**
 * Drops a partition; the rows of the hours to keep move to the default one. Readers are not held up until these rows
 * have been gathered.
 *
 * @param keptHours SQL that gives ("hostId", "at") of full hours; null keeps nothing
 * @returns how many rows were kept
 */
export async function dropPartition(
  table: PartitionedTable,
  partition: Partition,
  keptHours: string | null,
): Promise<number> {
  return inTransaction(async (client) => {
    await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`)
    await client.query(`lock table "${partition.name}" in share row exclusive mode`)
    if (keptHours !== null) {
      await client.query(
        `create temp table "kept_rows" on commit drop as
         select p.* from "${partition.name}" p
           join (${keptHours}) k on p."hostId" = k."hostId" and p."at" >= k."at" and p."at" < k."at" + interval '1 hour'`,
      )
    }
    await client.query(`alter table "${table.name}" detach partition "${partition.name}"`)
    const { rowCount } =
      keptHours === null ? { rowCount: 0 } : await client.query(`insert into "${table.name}" select * from "kept_rows"`)
    await client.query(`drop table "${partition.name}"`)
    return rowCount ?? 0
  })
}
