import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, expect, inject, test } from 'vitest'
import type { ShareSnapshot } from '@/lib/analysis/share'
import { issueToken } from '@/lib/auth/tokens'
import { backup, backupBefore } from '@/lib/db/backup'
import { pool, prisma } from '@/lib/db/client'
import { sha256Hex } from '@/lib/db/ids'
import { MigrationError, migrate, withDatabase } from '@/lib/db/migrate'
import { createSetUpLink } from '@/lib/db/one-time-links'
import { makePartitions } from '@/lib/db/partitions'
import { restore } from '@/lib/db/restore'
import { createShare } from '@/lib/db/shares'
import { env } from '@/lib/env'

const DAY = 86_400_000
const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations')
const folder = mkdtempSync(join(tmpdir(), 'oomscope-backup-'))
const here = env.DATABASE_URL ?? ''
afterAll(() => rmSync(folder, { recursive: true }))

/** A migrated database in which nothing is stored. */
async function emptyDatabase(): Promise<string> {
  const name = `restored_${randomBytes(6).toString('hex')}`
  const server = new pg.Client({ connectionString: withDatabase(inject('templateUrl'), 'postgres') })
  await server.connect()
  await server.query(`create database ${name} template template_of_tests`)
  await server.end()
  return withDatabase(inject('templateUrl'), name)
}

async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

async function storeHost(id: string): Promise<void> {
  const at = new Date(0)
  await prisma.host.create({ data: { id, name: `machine-${id}`, aliases: [], firstSeenAt: at, lastSeenAt: at } })
}

test('a backup taken while rows are written is of one instant, and comes back equal, partitions and links included', async () => {
  await storeHost('h1')
  const samples = { name: 'MemorySample', rest: 'MemorySample_kept', unit: 'day' } as const
  await makePartitions(samples, Date.UTC(2026, 4, 1), Date.UTC(2026, 4, 2))
  await pool.query(
    `insert into "MemorySample" ("hostId", "at", "memTotal")
     select 'h1', timestamptz '2026-05-01 00:00Z' + n * interval '1 min', n from generate_series(1, 2800) n`,
  )
  const snapshot = { incident: { id: 'gone', title: 'kept ☂' } } as unknown as ShareSnapshot // only stored and read back
  await pool.query(
    `insert into "Incident" ("id", "hostId", "anchorId", "listedAt", "title", "class", "confidence", "pattern", "findings",
       "fingerprint", "assumptions", "end", "killCount", "killTimes", "isTimeUncertain", "isSample", "searchText", "updatedAt")
     values ('i1', 'h1', 'a', now(), '{}', 'unknown', 'low', 'unknown', '[]', '', '[]', 'last-kill', 0, '{}', false, false, '', now())`,
  )
  const { token } = await createShare({
    incidentId: 'i1',
    snapshot,
    expiresAt: Date.now() + DAY,
    createdBy: { id: null, name: 'ada' },
  })

  const file = join(folder, 'busy.backup')
  let isDone = false
  const writer = (async () => {
    for (let n = 0; !isDone; n += 1) {
      // One transaction writes to two tables: a backup must have both rows or none.
      await prisma.$transaction([
        prisma.host.create({
          data: { id: `w${n}`, name: `written-${n}`, aliases: [], firstSeenAt: new Date(0), lastSeenAt: new Date(0) },
        }),
        prisma.counter.create({ data: { hostId: `w${n}`, name: 'oom_kill', at: new Date(0), value: n } }),
      ])
    }
  })()
  const counts = await backup(here, file)
  isDone = true
  await writer
  expect(counts.MemorySample).toBe(2800)
  expect(counts.Counter).toBe((counts.Host ?? 0) - 1)

  const there = await emptyDatabase()
  expect(await restore(there, file)).toEqual(counts)
  const [sum] = await ask<{ rows: string; total: string }>(
    there,
    'select count(*) as rows, sum("memTotal") as total from "MemorySample"',
  )
  expect(sum).toEqual({ rows: '2800', total: '3921400' })
  const parts = await ask<{ part: string; rows: string }>(
    there,
    'select tableoid::regclass::text as part, count(*) as rows from "MemorySample" group by 1 order by 1',
  )
  expect(parts).toHaveLength(2)
  expect(parts.map(({ part }) => part).join()).not.toContain('MemorySample_kept')
  const shares = await ask<{ tokenHash: string }>(there, 'select "tokenHash" from "ShareLink"')
  expect(shares).toEqual([{ tokenHash: sha256Hex(token) }])
})

test('nothing in a backup opens a door', async () => {
  const { secret } = await issueToken({
    name: 'agent',
    scopes: ['ingest'],
    host: null,
    expiresAt: null,
    createdById: null,
  })
  const key = await createSetUpLink()
  await prisma.user.create({ data: { id: 'u1', name: 'Ada', email: 'ada@example.org' } })
  await prisma.session.create({
    data: { id: 's1', userId: 'u1', token: 'sessiontokenclear', expiresAt: new Date(Date.now() + DAY) },
  })
  await prisma.account.create({
    data: {
      id: 'a1',
      userId: 'u1',
      accountId: 'u1',
      providerId: 'oidc',
      accessToken: 'accesstokenclear',
      idToken: 'idtokenclear',
      refreshToken: 'refreshtokenclear',
    },
  })
  await prisma.verification.create({
    data: { id: 'v1', identifier: 'x', value: 'verificationclear', expiresAt: new Date(Date.now() + DAY) },
  })
  const file = join(folder, 'secrets.backup')
  const counts = await backup(here, file)
  expect(counts).toMatchObject({ ApiToken: 1, Account: 1, Session: 0, Verification: 0 })
  const bytes = gunzipSync(readFileSync(file)).toString('latin1')
  const secrets = [
    secret,
    key,
    'sessiontokenclear',
    'accesstokenclear',
    'idtokenclear',
    'refreshtokenclear',
    'verificationclear',
    env.OOMSCOPE_SECRET ?? '-',
  ]
  expect(bytes).toContain('ada@example.org')
  expect(secrets.filter((each) => bytes.includes(each))).toEqual([])
})

test('an instance in which something is stored is left alone', async () => {
  const file = join(folder, 'refused.backup')
  await backup(here, file)
  const [before] = await ask<{ rows: string }>(here, 'select count(*) as rows from "Host"')
  await expect(restore(here, file)).rejects.toThrow(/in use: something is stored in ".*another OOMSCOPE_DATA/s)
  expect(await ask(here, 'select count(*) as rows from "Host"')).toEqual([before])
})

test('a damaged, cut or foreign file brings nothing in', async () => {
  const file = join(folder, 'whole.backup')
  await backup(here, file)
  const bytes = readFileSync(file)
  const there = await emptyDatabase()
  const spoilt = join(folder, 'spoilt.backup')
  const flipped = Buffer.from(bytes)
  flipped[Math.floor(bytes.length / 2)] = (flipped[Math.floor(bytes.length / 2)] ?? 0) ^ 0xff
  for (const content of [bytes.subarray(0, bytes.length - 40), flipped, Buffer.from('not a backup at all')]) {
    writeFileSync(spoilt, content)
    await expect(restore(there, spoilt)).rejects.toThrow()
  }
  expect(await ask(there, 'select count(*)::int as rows from "Host"')).toEqual([{ rows: 0 }])
  expect(await restore(there, file)).toMatchObject({ User: 1 })
})

test('the draft of a killed process is no backup: the older file stays, and the next backup of that name clears it', async () => {
  const file = join(folder, 'kept.backup')
  await backup(here, file)
  const old = readFileSync(file)
  // A child holds its draft open, half written, and is killed.
  const child = execFile(process.execPath, [
    '-e',
    `require('fs').writeFileSync(${JSON.stringify(folder)} + '/.kept.backup.' + process.pid + '.part', 'half'); console.log('ready'); setInterval(() => {}, 1000)`,
  ])
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  const drafts = () => readdirSync(folder).filter((name) => name.endsWith('.part'))
  await backup(here, join(folder, 'other.backup'))
  expect(drafts()).toHaveLength(1)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
  expect(readFileSync(file).equals(old)).toBe(true)
  await backup(here, file)
  expect(drafts()).toEqual([])
})

test('a database with data is backed up before it is migrated, and the newest three of these are kept', async () => {
  const migrations = join(folder, 'migrations')
  mkdirSync(migrations)
  for (const name of readdirSync(MIGRATIONS)) {
    const sql = join(MIGRATIONS, name, 'migration.sql')
    if (!existsSync(sql)) continue
    mkdirSync(join(migrations, name))
    copyFileSync(sql, join(migrations, name, 'migration.sql'))
  }
  const saved: string[] = []
  const url = await emptyDatabase()
  const step = (name: string, sql: string) => {
    mkdirSync(join(migrations, name))
    writeFileSync(join(migrations, name, 'migration.sql'), sql)
    return migrate(url, migrations, async (migration) => {
      saved.push(await backupBefore(url, folder, migration))
    })
  }
  await step('29990101000000_empty', 'select 1')
  expect(saved).toEqual([])
  await ask(
    url,
    `insert into "User" ("id", "name", "email", "updatedAt") values ('u', 'Ada', 'ada@example.org', now())`,
  )
  for (const n of [2, 3, 4, 5]) await step(`2999010${n}000000_step`, `create table "Step${n}" (id int)`)
  expect(saved).toHaveLength(4)
  expect(readdirSync(join(folder, 'backups')).sort()).toEqual([
    'before-29990103000000_step.backup',
    'before-29990104000000_step.backup',
    'before-29990105000000_step.backup',
  ])
  await expect(migrate(url, MIGRATIONS)).rejects.toThrow(MigrationError)
  await expect(migrate(url, MIGRATIONS)).rejects.toThrow(
    /written by a newer oomscope .*restore a backup made before it/,
  )
})
