import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { z } from 'zod'
import { type BackupCounts, WITHHELD_TABLES } from '@/lib/db/backup'
import {
  BACKUP_FORMAT,
  type BackupHeading,
  type BackupSum,
  type Frame,
  notABackup,
  readFrames,
} from '@/lib/db/backup-file'
import { advanceSequences, type Client, listMigrations, listTables, quoted, type StoredTable } from '@/lib/db/catalogue'
import { AppError } from '@/lib/errors'

/** The first start makes the administrator's link by itself; it does not make an instance used. */
const NEVER_USE: readonly string[] = [...WITHHELD_TABLES, 'OneTimeLink']

const heading = z.object({
  format: z.literal(BACKUP_FORMAT),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  partitions: z.array(
    z.object({
      parent: z.string(),
      name: z.string(),
      bound: z.string().regex(/^FOR VALUES FROM \('[\d :.+-]+'\) TO \('[\d :.+-]+'\)$/),
      storage: z.array(z.string().regex(/^[a-z_]+=\w+$/)),
    }),
  ),
})
const tableFrame = z.object({ table: z.string(), columns: z.array(z.string()) })
const sumFrame = z.object({ rows: z.number(), bytes: z.number(), sha256: z.string() })
const endFrame = z.object({ end: z.number() })

/**
 * Brings a backup into an instance in which nothing is stored yet, whole or not at all: one transaction, and every
 * table's count and checksum must be those that were written.
 *
 * @returns rows restored, by table
 * @throws AppError 'conflict' when something is stored here or the schemas differ, 'unreadable' when the file is no
 *   backup, cut or damaged
 */
export async function restore(databaseUrl: string, file: string): Promise<BackupCounts> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'oomscope restore' })
  await client.connect()
  try {
    const frames = readFrames(unzipped(file))
    await client.query('begin')
    const counts = await bringIn(client, frames)
    await client.query('commit')
    return counts
  } catch (error) {
    throw isZlibError(error) ? new AppError('unreadable', 'The file is damaged, cut off, or not a backup.') : error
  } finally {
    // Ends an open transaction too: nothing of it stays.
    await client.end()
  }
}

function unzipped(file: string): AsyncIterable<Buffer> {
  const bytes = createReadStream(file)
  const unzip = createGunzip()
  bytes.on('error', (error) => unzip.destroy(error))
  // It may fail while nobody reads; whoever reads next is told.
  unzip.on('error', () => {})
  return bytes.pipe(unzip)
}

async function bringIn(client: pg.Client, frames: AsyncGenerator<Frame>): Promise<BackupCounts> {
  const first = heading.safeParse((await frames.next()).value?.json)
  if (!first.success) throw notABackup()
  await requireSameSchema(client, first.data)
  const tables = await listTables(client)
  await requireEmpty(client, tables)
  await makePartitions(client, first.data)
  const counts: BackupCounts = {}
  for (;;) {
    const next = (await frames.next()).value?.json
    if (endFrame.safeParse(next).success) break
    const described = tableFrame.safeParse(next)
    if (!described.success) throw new AppError('unreadable', 'The backup ends before its last table; it is not whole.')
    const { table, columns } = described.data
    const stored = tables.find(({ name }) => name === table)
    if (!stored || stored.columns.join() !== columns.join()) throw schemaDiffers()
    counts[table] = await copyIn(client, stored, frames)
  }
  await advanceSequences(client)
  return counts
}

async function requireSameSchema(client: Client, { migrations }: BackupHeading): Promise<void> {
  const here = await listMigrations(client)
  const words = (list: BackupHeading['migrations']) => list.map(({ name, checksum }) => `${name} ${checksum}`).join()
  if (words(here) !== words(migrations)) throw schemaDiffers()
}

function schemaDiffers(): AppError {
  return new AppError(
    'conflict',
    'The backup was made by another version of oomscope. Restore it with that version; starting this one on it afterwards migrates it.',
  )
}

async function requireEmpty(client: Client, tables: StoredTable[]): Promise<void> {
  await client.query(`set local lock_timeout = '10s'`)
  // Whatever else runs on this instance waits: what is empty now stays empty until we are done.
  await client.query(`lock table ${tables.map(({ name }) => quoted(name)).join(', ')} in share row exclusive mode`)
  for (const { name } of tables) {
    if (NEVER_USE.includes(name)) continue
    const { rows } = await client.query(`select 1 from ${quoted(name)} limit 1`)
    if (rows.length > 0) {
      throw new AppError(
        'conflict',
        `This instance is in use: something is stored in "${name}". Restore into a new one: start oomscope with another OOMSCOPE_DATA (or another DATABASE_URL) and restore before you sign in.`,
      )
    }
  }
  await client.query('delete from "OneTimeLink"')
}

async function makePartitions(client: Client, { partitions }: BackupHeading): Promise<void> {
  for (const { parent, name, bound, storage } of partitions) {
    const { rows } = await client.query('select to_regclass($1) is not null as "isThere"', [quoted(name)])
    if (rows[0]?.isThere) continue
    const options = storage.length > 0 ? ` with (${storage.join(', ')})` : ''
    await client.query(`create table ${quoted(name)} partition of ${quoted(parent)} ${bound}${options}`)
  }
}

/** @returns how many rows came in */
async function copyIn(client: pg.Client, table: StoredTable, frames: AsyncGenerator<Frame>): Promise<number> {
  const hash = createHash('sha256')
  const read: { sum: BackupSum | null } = { sum: null }
  async function* rows(): AsyncGenerator<Buffer> {
    for (;;) {
      const { value, done } = await frames.next()
      if (done) return
      if (value.rows === null) {
        read.sum = sumFrame.safeParse(value.json).data ?? null
        return
      }
      hash.update(value.rows)
      yield value.rows
    }
  }
  const columns = table.columns.map(quoted).join(', ')
  const into = client.query(copyFrom(`copy ${quoted(table.name)} (${columns}) from stdin (format binary)`))
  await pipeline(Readable.from(rows(), { objectMode: false }), into)
  const { sum } = read
  if (sum === null || sum.rows !== into.rowCount || sum.sha256 !== hash.digest('hex')) {
    throw new AppError(
      'unreadable',
      `The backup is damaged: the rows of "${table.name}" are not those that were written.`,
    )
  }
  return sum.rows
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:Z_|ERR_ZLIB)/.test(String(error.code))
}
