import { expect, test } from 'vitest'
import { listIncidentsOfUpload } from '@/lib/db/incident-summaries'
import { findIncident } from '@/lib/db/incidents'
import { claimUpload } from '@/lib/db/queue'
import { getUpload } from '@/lib/db/uploads'
import { readUpload } from '@/lib/ingest/read-upload'
import { removeUpload } from '@/lib/ingest/remove-upload'
import { storeUpload } from '@/lib/ingest/store-upload'

async function store(name: string, text: string): Promise<string> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text)
  }
  const { uploadId } = await storeUpload(
    {
      name,
      host: null,
      isHostFixed: false,
      zone: 'UTC',
      year: null,
      modifiedAt: null,
      arrivedAt: Date.UTC(2026, 10, 24),
      isSample: false,
      createdBy: null,
    },
    bytes(),
  )
  return uploadId
}

/** Reads what waits, and what reading makes wait; a loop that never ends would be caught by the test's own limit. */
async function readWaiting(): Promise<void> {
  for (let claim = await claimUpload('test'); claim; claim = await claimUpload('test')) {
    expect(await readUpload(claim, new AbortController().signal)).toBe(true)
  }
}

function syslog(host: string, messages: string[]): string {
  return messages.map((message) => `Mar 14 09:30:01 ${host} kernel: ${message}\n`).join('')
}

const REPORT = [
  'ruby invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=0, oom_score_adj=0',
  'Pid: 812, comm: ruby Not tainted 2.6.32-431.el6.x86_64 #1',
  'Node 0 Normal free:452kB min:460kB low:575kB high:690kB present:240000kB all_unreclaimable? yes',
  'Free swap  = 0kB',
  'Total swap = 899064kB',
  '[ pid ]   uid  tgid total_vm      rss cpu oom_adj oom_score_adj name',
  '[  812]   500   812   200000    90000   0       0             0 ruby',
  'Out of memory: Kill process 812 (ruby) score 800 or sacrifice child',
  'Killed process 812, UID 500, (ruby) total-vm:800000kB, anon-rss:360000kB, file-rss:0kB',
]

test.each([
  ['older', 'first'],
  ['newer', 'first'],
  ['both', 'at once'],
])('a report cut across two uploads is one: the %s %s', async (order) => {
  const host = `cut-${order}`
  const files: [string, string][] = [
    ['messages.1', syslog(host, REPORT.slice(0, 5))],
    ['messages', syslog(host, REPORT.slice(5))],
  ]
  const ids = new Map<string, string>()
  for (const [name, text] of order === 'newer' ? files.reverse() : files) {
    ids.set(name, await store(name, text))
    if (order !== 'both') await readWaiting()
  }
  await readWaiting()
  const [older, newer] = [ids.get('messages.1') ?? '', ids.get('messages') ?? '']
  const [summary, ...others] = await listIncidentsOfUpload(newer)
  expect(others).toEqual([])
  const incident = summary && (await findIncident(summary.id))
  expect(incident?.reports).toMatchObject([
    { lines: { source: older, from: 1, to: 5 }, continues: { source: newer, from: 1, to: 4 }, isCutAtEnd: false },
  ])
  expect(incident?.kills).toMatchObject([
    { pid: 812, gfpMask: '0x201da', score: 800, report: 0, lines: { source: newer, to: 4 } },
  ])
  expect(incident?.findings.flatMap(({ evidence }) => evidence).some(({ source }) => source === older)).toBe(true)
  expect((await getUpload(newer)).receipts[0]?.joined).toEqual([older])
  expect((await getUpload(older)).receipts[0]?.joined).toEqual([newer])

  await removeUpload(older)
  await readWaiting()
  const [alone] = await listIncidentsOfUpload(newer)
  const after = alone && (await findIncident(alone.id))
  expect(after?.kills).toMatchObject([{ pid: 812, gfpMask: null }])
  expect((await getUpload(newer)).receipts[0]?.joined).toEqual([])
})

test('uploads of two hosts do not touch each other', async () => {
  await store('messages.1', syslog('apart-a', REPORT.slice(0, 5)))
  const newer = await store('messages', syslog('apart-b', REPORT.slice(5)))
  await readWaiting()
  const [summary] = await listIncidentsOfUpload(newer)
  const incident = summary && (await findIncident(summary.id))
  expect(incident?.kills[0]?.gfpMask).toBeNull()
})

test('a file that tells its year dates the one that came before it', async () => {
  const older = await store('messages.1', 'Dec 31 23:00:00 years kernel: Out of Memory: Killed process 5 (a).\n')
  await readWaiting()
  expect((await listIncidentsOfUpload(older))[0]?.from).toBe(Date.UTC(2025, 11, 31, 23))
  await store('messages', 'Jan  2 05:00:00 years amavis[2]: amavis-20080102T050000 done\n')
  await readWaiting()
  expect((await listIncidentsOfUpload(older)).map(({ from }) => from)).toEqual([Date.UTC(2007, 11, 31, 23)])
})
