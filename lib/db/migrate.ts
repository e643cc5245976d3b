import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

/** The number Prisma's own engine locks while it migrates: it and we wait for each other. */
const LOCK = 72_707_369
const OLDEST_SERVER = 150_000

/** The database cannot be brought to this version; the message says what to do. */
export class MigrationError extends Error {}

interface Migration {
  name: string
  sql: string
  checksum: string
}

/**
 * Applies the migrations of a folder that are not applied yet, in name order, each in one transaction with its record.
 * Records are kept as Prisma keeps them (`_prisma_migrations`), so that `prisma migrate` can go on from here. Of
 * several processes one migrates and the others wait.
 *
 * @param saveFirst called with the first name before a database in which people or hosts are stored is changed
 * @returns the names of what was applied
 * @throws MigrationError when the database is newer than this program, was changed by hand, or half migrated
 */
export async function migrate(
  databaseUrl: string,
  folder: string,
  saveFirst: (migration: string) => Promise<void> = async () => {},
): Promise<string[]> {
  const client = await connect(databaseUrl)
  try {
    await requireServerVersion(client)
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await client.query(`
      create table if not exists "_prisma_migrations" (
        "id" varchar(36) primary key not null, "checksum" varchar(64) not null, "finished_at" timestamptz,
        "migration_name" varchar(255) not null, "logs" text, "rolled_back_at" timestamptz,
        "started_at" timestamptz not null default now(), "applied_steps_count" integer not null default 0)`)
    const migrations = readMigrations(folder)
    const pending = await findPending(client, migrations)
    const [first] = pending
    if (first && (await hasData(client))) await saveFirst(first.name)
    for (const migration of pending) await apply(client, migration)
    return pending.map(({ name }) => name)
  } finally {
    // Ends the session and with it the advisory lock.
    await client.end()
  }
}

/** Connects; a database that does not exist yet is made, if the role may. */
async function connect(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl })
  try {
    await client.connect()
    return client
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '3D000') throw error
  }
  const server = new pg.Client({ connectionString: withDatabase(databaseUrl, 'postgres') })
  await server.connect()
  try {
    await server.query(`create database ${pg.escapeIdentifier(new URL(databaseUrl).pathname.slice(1))}`)
  } catch (error) {
    const isMadeMeanwhile = error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505')
    if (!isMadeMeanwhile) throw error
  } finally {
    await server.end()
  }
  const again = new pg.Client({ connectionString: databaseUrl })
  await again.connect()
  return again
}

/** The same server, another database. */
export function withDatabase(databaseUrl: string, database: string): string {
  const url = new URL(databaseUrl)
  url.pathname = `/${database}`
  return url.href
}

async function requireServerVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ number: number; text: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as text`,
  )
  const version = rows[0]
  if (version && version.number >= OLDEST_SERVER) return
  throw new MigrationError(`DATABASE_URL points to PostgreSQL ${version?.text}; oomscope needs 15 or later.`)
}

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

async function findPending(client: pg.Client, migrations: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ name: string; checksum: string; isFinished: boolean }>(
    `select "migration_name" as "name", "checksum", "finished_at" is not null as "isFinished"
       from "_prisma_migrations" where "rolled_back_at" is null`,
  )
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const applied of rows) {
    const migration = known.get(applied.name)
    if (!migration) {
      throw new MigrationError(
        `This database was written by a newer oomscope (migration ${applied.name}). Start that version again, or restore a backup made before it.`,
      )
    }
    if (!applied.isFinished) {
      throw new MigrationError(
        `Migration ${applied.name} was begun by another tool and did not finish. Resolve it with "prisma migrate resolve", or restore a backup.`,
      )
    }
    if (migration.checksum !== applied.checksum) {
      throw new MigrationError(
        `Migration ${applied.name} is not the one that was applied to this database. Restore its file from the release you run.`,
      )
    }
  }
  const appliedNames = new Set(rows.map(({ name }) => name))
  return migrations.filter(({ name }) => !appliedNames.has(name))
}

async function hasData(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(`select to_regclass('"User"') is not null as "isThere"`)
  if (!rows[0]?.isThere) return false
  const { rowCount } = await client.query(
    `select 1 where exists (select from "User") or exists (select from "Host") or exists (select from "Upload")`,
  )
  return rowCount === 1
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query(
      `insert into "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at", "applied_steps_count")
       values ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new MigrationError(
      `Migration ${migration.name} failed and was taken back; nothing was changed. PostgreSQL says: ${error instanceof Error ? error.message : error}`,
    )
  }
}
