import { createHash } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { BACKUP_FORMAT, type BackupHeading, jsonFrame, rowsFrame, writeWhole } from '@/lib/db/backup-file'
import {
  type Client,
  listMigrations,
  listTables,
  listTimePartitions,
  quoted,
  type StoredTable,
} from '@/lib/db/catalogue'

/** Rows that would open a door or mean nothing elsewhere: people sign in again after a restore. */
export const WITHHELD_TABLES: readonly string[] = ['Session', 'Verification', 'RateLimit']
/** Tokens of other services. */
const WITHHELD_COLUMNS: Record<string, readonly string[]> = { Account: ['accessToken', 'refreshToken', 'idToken'] }

const KEPT_AUTOMATIC = 3
const AUTOMATIC = /^before-\d{14}_.*\.backup$/

/** Rows written, by table. */
export type BackupCounts = Record<string, number>

/**
 * Writes everything that is stored, as it is at one instant, while the instance goes on working. The secret that signs
 * sessions is not in the database, and so not in the file.
 *
 * @param file where; what stood there is replaced at the end, all at once
 */
export async function backup(databaseUrl: string, file: string): Promise<BackupCounts> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'oomscope backup' })
  await client.connect()
  try {
    const tables = await listTables(client)
    await client.query('begin isolation level repeatable read read only')
    // Before the first read, which fixes the instant: from here on no partition goes away until we are done.
    await client.query(`lock table ${tables.map(({ name }) => quoted(name)).join(', ')} in access share mode`)
    const counts: BackupCounts = {}
    await writeWhole(file, Readable.from(frames(client, tables, counts), { objectMode: false }))
    await client.query('commit')
    return counts
  } finally {
    await client.end()
  }
}

async function* frames(client: Client, tables: StoredTable[], counts: BackupCounts): AsyncGenerator<Buffer> {
  const heading: BackupHeading = {
    format: BACKUP_FORMAT,
    migrations: await listMigrations(client),
    partitions: await listTimePartitions(client),
  }
  yield jsonFrame(heading)
  for (const { name, columns } of tables) {
    yield jsonFrame({ table: name, columns })
    const rows = client.query(copyTo(`copy (${selectAll(name, columns)}) to stdout (format binary)`))
    const hash = createHash('sha256')
    let bytes = 0
    for await (const piece of rows as AsyncIterable<Buffer>) {
      hash.update(piece)
      bytes += piece.length
      yield rowsFrame(piece)
    }
    counts[name] = rows.rowCount
    yield jsonFrame({ rows: rows.rowCount, bytes, sha256: hash.digest('hex') })
  }
  yield jsonFrame({ end: tables.length })
}

function selectAll(table: string, columns: string[]): string {
  const withheld = WITHHELD_COLUMNS[table] ?? []
  const list = columns.map((name) => (withheld.includes(name) ? `null::text as ${quoted(name)}` : quoted(name)))
  return `select ${list.join(', ')} from ${quoted(table)}${WITHHELD_TABLES.includes(table) ? ' where false' : ''}`
}

/**
 * The backup before a database with data is migrated; the newest three of them are kept.
 *
 * @param folder of the instance's data
 * @param migration the first that will be applied
 * @returns the file
 */
export async function backupBefore(databaseUrl: string, folder: string, migration: string): Promise<string> {
  const backups = join(folder, 'backups')
  await mkdir(backups, { recursive: true, mode: 0o700 })
  const file = join(backups, `before-${migration}.backup`)
  await backup(databaseUrl, file)
  const all = (await readdir(backups)).filter((name) => AUTOMATIC.test(name)).sort()
  for (const name of all.slice(0, -KEPT_AUTOMATIC)) await rm(join(backups, name))
  return file
}
