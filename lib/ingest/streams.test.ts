import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pool } from '@/lib/db/client'
import { meetHost } from '@/lib/db/hosts'
import { listIncidents } from '@/lib/db/incident-summaries'
import { claimUpload } from '@/lib/db/queue'
import { readUploadLines } from '@/lib/db/upload-bytes'
import { listUploads } from '@/lib/db/uploads'
import type { Reading, WireLine } from '@/lib/ingest/protocols/protocol'
import { linesOfPlainText, recordContext } from '@/lib/ingest/protocols/records'
import { requestOf } from '@/lib/ingest/protocols/request.fixture'
import { readUpload } from '@/lib/ingest/read-upload'
import { storeReadings } from '@/lib/ingest/readings'
import { appendLines, type StreamReceipt } from '@/lib/ingest/streams'
import { sayTitle } from '@/lib/text/say'

const RECEIVED_AT = Date.parse('2026-11-24T13:00:00Z')
const SOURCE = 'loki'

/** A report of the kernel: "T[ 4000.000001] text", each line a millisecond after the one before. */
const REPORT = readFileSync(join(import.meta.dirname, 'fixtures/stream-report.log'), 'utf8')

function linesAt(text: string, start: string, stepMs = 1): WireLine[] {
  const first = BigInt(Date.parse(start)) * 1_000_000n
  return linesOfPlainText(text, recordContext(requestOf(''))).map((line, index) => ({
    ...line,
    atNs: first + BigInt(index * stepMs) * 1_000_000n,
  }))
}

async function append(hostname: string, lines: WireLine[]): Promise<StreamReceipt> {
  const seen = { from: RECEIVED_AT, to: RECEIVED_AT }
  const hostId = await meetHost(pool, { name: hostname, seen, isSample: false })
  return appendLines(lines, { hostId, hostname, source: SOURCE, batch: 'b1', receivedAt: RECEIVED_AT })
}

/** Reads what waits, as the worker does. */
async function readAll(): Promise<void> {
  for (let claim = await claimUpload('test'); claim; claim = await claimUpload('test')) {
    await readUpload(claim, new AbortController().signal)
  }
}

async function killsOf(hostname: string): Promise<{ pid: number; at: Date; uploads: number }[]> {
  const { rows } = await pool.query(
    `select k."pid", k."at", (select count(*)::int from "FactSource" f where f."hostId" = k."hostId" and f."factId" = k."id") as "uploads"
       from "Kill" k join "Host" h on h."id" = k."hostId" where h."name" = $1 order by k."at"`,
    [hostname],
  )
  return rows
}

async function reportsOf(hostname: string): Promise<number> {
  const { rows } = await pool.query(
    `select count(*)::int as "count" from "OomReport" r join "Host" h on h."id" = r."hostId" where h."name" = $1`,
    [hostname],
  )
  return rows[0]?.count ?? 0
}

async function incidentsOf(hostname: string): Promise<{ id: string; killCount: number; title: string }[]> {
  const { items } = await listIncidents({ host: hostname })
  return items.map(({ id, killCount, title }) => ({ id, killCount, title: sayTitle(title) }))
}

async function streamText(hostname: string): Promise<string[]> {
  const { items } = await listUploads()
  const upload = items.find(({ name }) => name.startsWith(`${SOURCE} stream of ${hostname},`))
  return (await readUploadLines(upload?.id ?? '', 1, 5_000)).map(({ text }) => text)
}

test('a report that straddles batches, out of order, is one report with its kill', async () => {
  const lines = linesAt(REPORT, '2026-11-24T02:42:25Z')
  const middle = Math.floor(lines.length / 2)
  await append('straddle', lines.slice(middle))
  await readAll()
  await append('straddle', lines.slice(0, 3))
  await append('straddle', lines.slice(3, middle))
  await readAll()
  expect(await killsOf('straddle')).toMatchObject([{ pid: 4242, uploads: 1 }])
  expect(await reportsOf('straddle')).toBe(1)
})

test('lines of one second stand in the order of the kernel’s clock, whatever order they came in', async () => {
  const lines = linesAt(REPORT, '2026-11-24T02:42:25Z', 0)
  await append('one-second', lines.slice(9))
  await append('one-second', lines.slice(0, 9))
  await readAll()
  const stored = await streamText('one-second')
  expect(stored.map((text) => text.replace(/^.*? - - - /, ''))).toEqual(REPORT.trimEnd().split('\n'))
  expect(await killsOf('one-second')).toHaveLength(1)
})

test('a batch sent again changes nothing', async () => {
  const lines = linesAt(REPORT, '2026-11-24T02:42:25Z')
  expect(await append('again', lines)).toEqual({ kept: lines.length, repeated: 0, dropped: 0 })
  await readAll()
  expect(await append('again', lines)).toEqual({ kept: 0, repeated: lines.length, dropped: 0 })
  expect(await claimUpload('test')).toBeNull()
  expect(await streamText('again')).toHaveLength(lines.length)
})

test('the same words at another time are another report', async () => {
  await append('twice', linesAt(REPORT, '2026-11-24T02:42:25Z'))
  await append('twice', linesAt(REPORT.replaceAll('[ 4000.', '[ 9000.'), '2026-11-24T04:05:45Z'))
  await readAll()
  expect(await killsOf('twice')).toHaveLength(2)
})

test('a report at midnight is whole in one day', async () => {
  const lines = linesAt(REPORT, '2026-11-23T23:59:59.990Z')
  expect(lines.at(-1)?.atNs).toBeGreaterThan(BigInt(Date.parse('2026-11-24T00:00:00Z')) * 1_000_000n)
  await append('midnight', lines.slice(15))
  await readAll()
  await append('midnight', lines.slice(0, 15))
  await readAll()
  expect(await reportsOf('midnight')).toBe(1)
  expect(await killsOf('midnight')).toMatchObject([{ pid: 4242, uploads: 1 }])
})

test('kills that only a counter tells are an incident, which the log joins and keeps its link', async () => {
  const sender = { senderId: 'counting', toleranceMs: 0 }
  const count = (value: number, at: string): Reading => ({
    host: 'counted-first',
    at: Date.parse(at),
    counter: 'oomKills',
    value,
  })
  await storeReadings([count(0, '2026-11-24T02:42:15Z')], [], sender)
  await storeReadings([count(1, '2026-11-24T02:42:30Z')], [], sender)
  await readAll()
  const before = await incidentsOf('counted-first')
  expect(before).toMatchObject([
    { killCount: 0, title: '1 OOM kill counted on counted-first, no report yet: cause not in this log' },
  ])
  await append('counted-first', linesAt(REPORT, '2026-11-24T02:42:25Z'))
  await readAll()
  const after = await incidentsOf('counted-first')
  expect(after).toMatchObject([{ id: before[0]?.id, killCount: 1, title: expect.stringContaining('java killed') }])
})

test('lines that came while the stream was being read are read afterwards', async () => {
  const lines = linesAt(REPORT, '2026-11-24T02:42:25Z')
  await append('busy', lines.slice(0, 12))
  const claim = await claimUpload('test')
  await append('busy', lines.slice(12))
  if (claim) await readUpload(claim, new AbortController().signal)
  await readAll()
  expect(await killsOf('busy')).toHaveLength(1)
  expect(await streamText('busy')).toHaveLength(lines.length)
})

test('what tells of nothing makes no upload and is let go', async () => {
  const idle = (from: number): WireLine[] =>
    Array.from({ length: 600 }, (_, index) => ({
      host: 'idle',
      atNs: BigInt(Date.parse('2026-11-24T02:00:00Z') + from + index) * 1_000_000n,
      program: 'cart',
      pid: null,
      priority: 6,
      bootId: null,
      monotonicUs: null,
      text: `request ${from + index} served`,
    }))
  expect(await append('idle', idle(0))).toEqual({ kept: 50, repeated: 0, dropped: 550 })
  for (let batch = 1; batch < 20; batch += 1) {
    await append('idle', idle(batch * 600).slice(0, 40))
  }
  const { rows } = await pool.query(
    `select count(*)::int as "lines" from "StreamLine" l join "Host" h on h."id" = l."hostId" where h."name" = 'idle'`,
  )
  expect(rows[0]?.lines).toBeLessThan(560)
  expect((await listUploads()).items.filter(({ name }) => name.includes('idle'))).toEqual([])
})

test('neighbours of a kill are kept with it, from the batch before too', async () => {
  const chatter = (from: number, count: number, text: string): WireLine[] =>
    Array.from({ length: count }, (_, index) => ({
      host: 'chatter',
      atNs: BigInt(Date.parse('2026-11-24T02:42:00Z') + from + index) * 1_000_000n,
      program: 'cart',
      pid: null,
      priority: 6,
      bootId: null,
      monotonicUs: null,
      text: `${text} ${index}`,
    }))
  await append('chatter', chatter(0, 200, 'before'))
  const [kill] = linesAt(
    '[ 4000.000099] Out of memory: Killed process 4242 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB',
    '2026-11-24T02:42:01Z',
  )
  await append('chatter', [...(kill ? [kill] : []), ...chatter(2_000, 200, 'after')])
  await readAll()
  const stored = await streamText('chatter')
  expect(stored.filter((text) => text.includes('before'))).toHaveLength(50)
  expect(stored.filter((text) => text.includes('after')).length).toBeGreaterThanOrEqual(50)
  expect(await killsOf('chatter')).toHaveLength(1)
})
