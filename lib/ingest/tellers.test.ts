import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pool } from '@/lib/db/client'
import { newId } from '@/lib/db/ids'
import { listIncidents } from '@/lib/db/incident-summaries'
import { claimUpload } from '@/lib/db/queue'
import { elasticsearch } from '@/lib/ingest/protocols/elasticsearch'
import { journald } from '@/lib/ingest/protocols/journald'
import { kubernetes } from '@/lib/ingest/protocols/kubernetes'
import { type Decoded, nothingDecoded } from '@/lib/ingest/protocols/protocol'
import { records } from '@/lib/ingest/protocols/records'
import { requestOf } from '@/lib/ingest/protocols/request.fixture'
import { readUpload } from '@/lib/ingest/read-upload'
import { storeDecoded } from '@/lib/ingest/wire'

const REPORT = readFileSync(join(import.meta.dirname, 'fixtures/stream-report.log'), 'utf8')
  .trimEnd()
  .split('\n')
/** When the kernel wrote the kill, exact to the microsecond; the journal took it half a second later. */
const KILLED_US = Date.parse('2026-11-24T02:42:25Z') * 1000 + 412_345
const LAST_US = 27
const RECEIVED_AT = Date.parse('2026-11-24T13:00:00Z')

function messages(): { us: number; text: string }[] {
  return REPORT.map((line) => {
    const [, micros = '', text = ''] = /^\[ *4000\.(\d{6})\] (.*)$/.exec(line) ?? []
    return { us: Number(micros), text }
  })
}

function byJournal(host: string): Decoded {
  const entries = messages().map(({ us, text }) => {
    const monotonicUs = 4_000_000_000 + us
    const writtenUs = KILLED_US - LAST_US + us
    return [
      `__REALTIME_TIMESTAMP=${writtenUs + 500_000}`,
      `__MONOTONIC_TIMESTAMP=${monotonicUs + 500_000}`,
      `_SOURCE_MONOTONIC_TIMESTAMP=${monotonicUs}`,
      '_BOOT_ID=5b7d3c1e9f024b6d8a1c2e3f4a5b6c7d',
      `_HOSTNAME=${host}`,
      '_TRANSPORT=kernel',
      `MESSAGE=${text}`,
    ].join('\n')
  })
  return journald.createReader(requestOf('', { path: 'upload' })).push(Buffer.from(`${entries.join('\n\n')}\n\n`))
}

/** syslog has whole seconds, and was a second late. */
function bySyslog(host: string): Decoded {
  const list = REPORT.map((line) => ({ MESSAGE: line, HOST: host, PROGRAM: 'kernel', ISODATE: '2026-11-24T02:42:26Z' }))
  return records.decode(requestOf(JSON.stringify(list)))
}

function byBulk(host: string): Decoded {
  const documents = REPORT.flatMap((line) => [
    '{"index":{}}',
    JSON.stringify({ '@timestamp': '2026-11-24T02:42:27.5+00:00', host, program: 'kernel', message: ` ${line}` }),
  ])
  return elasticsearch.decode(requestOf(`${documents.join('\n')}\n`, { path: '_bulk' }))
}

function byEvent(host: string): Decoded {
  const event = {
    kind: 'Event',
    metadata: { uid: 'e-1' },
    involvedObject: { kind: 'Node', name: host },
    reason: 'OOMKilling',
    message: 'Out of memory: Killed process 4242 (java) total-vm:3600400kB, anon-rss:1880800kB, file-rss:0kB',
    type: 'Warning',
    source: { component: 'kernel-monitor', host },
    lastTimestamp: '2026-11-24T02:42:28Z',
  }
  return kubernetes.decode(requestOf(JSON.stringify(event)))
}

function byCounter(host: string): Decoded {
  const count = (value: number, at: string) => ({ host, at: Date.parse(at), counter: 'oomKills' as const, value })
  return { ...nothingDecoded(), readings: [count(0, '2026-11-24T02:42:15Z'), count(1, '2026-11-24T02:42:30Z')] }
}

const TELLERS = {
  journald: byJournal,
  syslog: bySyslog,
  elasticsearch: byBulk,
  kubernetes: byEvent,
  counter: byCounter,
}
type Teller = keyof typeof TELLERS

async function hear(host: string, teller: Teller): Promise<void> {
  const origin = { senderId: 't', senderName: 't', boundHost: null, address: null, receivedAt: RECEIVED_AT }
  await storeDecoded(TELLERS[teller](host), origin, { source: teller, body: Buffer.from(teller), toleranceMs: 0 })
  for (let claim = await claimUpload('test'); claim; claim = await claimUpload('test')) {
    await readUpload(claim, new AbortController().signal)
  }
}

describe('a kill told by the journal, by syslog late and in whole seconds, by an event and by a counter', () => {
  test.each<Teller[][]>([
    [['journald', 'syslog', 'elasticsearch', 'kubernetes', 'counter']],
    [['counter', 'kubernetes', 'elasticsearch', 'syslog', 'journald']],
    [['syslog', 'journald', 'counter', 'elasticsearch', 'kubernetes']],
    [['kubernetes', 'elasticsearch', 'journald', 'counter', 'syslog']],
  ])('is one, at the time the journal gives: %s', async (order) => {
    const host = `told-${newId().toLowerCase()}`
    for (const teller of order) await hear(host, teller)
    const { items } = await listIncidents({ host })
    expect(items).toMatchObject([{ killCount: 1, class: 'exhaustion', killTimes: [Math.floor(KILLED_US / 1000)] }])
    const { rows } = await pool.query(
      `select k."pid", k."at" from "Kill" k join "Host" h on h."id" = k."hostId" where h."name" = $1`,
      [host],
    )
    expect(rows).toEqual([{ pid: 4242, at: new Date('2026-11-24T02:42:25.412Z') }])
  })
})
