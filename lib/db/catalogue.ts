import pg from 'pg'

/** Where tables are asked about: a connection, in a transaction or not. */
export type Client = Pick<pg.Client, 'query'>

/** A table with rows of its own or, partitioned, with those of its partitions. */
export interface StoredTable {
  name: string
  /** In the order of the table. */
  columns: string[]
}

export const quoted = pg.escapeIdentifier

/** Every table but the record of migrations; one that refers to another comes after it. */
export async function listTables(client: Client): Promise<StoredTable[]> {
  const { rows: tables } = await client.query<StoredTable>(
    `select c.relname as "name",
            array_agg(a.attname::text order by a.attnum) as "columns"
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and c.relname <> '_prisma_migrations'
      group by c.relname order by c.relname`,
  )
  const { rows: references } = await client.query<{ from: string; to: string }>(
    `select f.relname as "from", t.relname as "to" from pg_constraint k
       join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
      where k.contype = 'f' and k.connamespace = current_schema()::regnamespace and f.oid <> t.oid`,
  )
  return inOrder(tables, references)
}

function inOrder(tables: StoredTable[], references: { from: string; to: string }[]): StoredTable[] {
  const ordered: StoredTable[] = []
  const waiting = new Map(tables.map((table) => [table.name, table]))
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter(
      ({ name }) => !references.some(({ from, to }) => from === name && waiting.has(to)),
    )
    if (free.length === 0) throw new Error(`Tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}`)
    for (const table of free) {
      ordered.push(table)
      waiting.delete(table.name)
    }
  }
  return ordered
}

/** Applied migrations, ascending by name. */
export async function listMigrations(client: Client): Promise<{ name: string; checksum: string }[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `select "migration_name" as "name", "checksum" from "_prisma_migrations"
      where "rolled_back_at" is null and "finished_at" is not null order by 1`,
  )
  return rows
}

/** Partitions of a span of time, which no migration makes. */
export async function listTimePartitions(
  client: Client,
): Promise<{ parent: string; name: string; bound: string; storage: string[] }[]> {
  const { rows } = await client.query<{ parent: string; name: string; bound: string; storage: string[] }>(
    `select p.relname as "parent", c.relname as "name", pg_get_expr(c.relpartbound, c.oid) as "bound",
            coalesce(c.reloptions, '{}') as "storage"
       from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
      where c.relispartition and c.relnamespace = current_schema()::regnamespace
        and pg_get_expr(c.relpartbound, c.oid) like 'FOR VALUES FROM%'
      order by 1, 2`,
  )
  return rows
}

/** Identity columns go on behind the largest value that is stored. */
export async function advanceSequences(client: Client): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `select c.relname as "table", a.attname as "column" from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.attidentity <> '' and not a.attisdropped`,
  )
  for (const { table, column } of rows) {
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), greatest((select max(${quoted(column)}) from ${quoted(table)}), 1))`,
      [quoted(table), column],
    )
  }
}
