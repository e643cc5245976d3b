import { expect, test } from 'vitest'
import { createEnds } from '@/lib/analysis/ends'
import { createFileReader } from '@/lib/analysis/file-reader'
import { joinHistory, type ReadFile } from '@/lib/analysis/history'

const ARRIVED = Date.UTC(2026, 10, 24)

function read(name: string, text: string, host: string | null = null): ReadFile {
  const bytes = new TextEncoder().encode(text)
  const reader = createFileReader({ name, host, zone: 'UTC', year: null, modifiedAt: null, receivedAt: ARRIVED })
  const ends = createEnds()
  reader.push(bytes)
  ends.push(bytes)
  return { analysis: reader.end(), ends, redate: reader.redate }
}

function syslog(host: string, messages: string[]): string {
  return messages.map((message) => `Mar 14 09:30:01 ${host} kernel: ${message}\n`).join('')
}

const REPORT = [
  'ruby invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=0, oom_score_adj=0',
  'Pid: 812, comm: ruby Not tainted 2.6.32-431.el6.x86_64 #1',
  'Mem-Info:',
  'active_anon:290797 inactive_anon:97034 isolated_anon:0',
  ' free:3341 slab_reclaimable:1200 slab_unreclaimable:3000',
  'Node 0 DMA free:9000kB min:460kB low:575kB high:690kB present:15000kB all_unreclaimable? yes',
  'Node 0 Normal free:452kB min:460kB low:575kB high:690kB present:240000kB all_unreclaimable? yes',
  'Free swap  = 0kB',
  '[ pid ]   uid  tgid total_vm      rss cpu oom_adj oom_score_adj name',
  '[  812]   500   812   200000    90000   0       0             0 ruby',
  '[  901]     0   901     1000      100   0       0             0 cron',
  'Out of memory: Kill process 812 (ruby) score 800 or sacrifice child',
  'Killed process 812, UID 500, (ruby) total-vm:800000kB, anon-rss:360000kB, file-rss:0kB',
]
const QUIET = Array.from({ length: 40 }, (_, index) => `eth0: link ${index}`)

test.each(REPORT.slice(1).map((_, index) => index + 1))('a report cut before its line %i is whole again', (cut) => {
  const older = read('messages.1', syslog('shop', [...QUIET, ...REPORT.slice(0, cut)]))
  const newer = read('messages', syslog('shop', [...REPORT.slice(cut), ...QUIET]))
  const [first, second] = joinHistory([older, newer], 'UTC')
  expect(first?.reports).toEqual([])
  expect(first?.kills).toEqual([])
  expect(second?.kills).toMatchObject([
    {
      pid: 812,
      comm: 'ruby',
      gfpMask: '0x201da',
      order: 0,
      score: 800,
      report: 0,
      invoker: { comm: 'ruby', pid: 812 },
    },
  ])
  expect(second?.kills[0]?.lines).toMatchObject({ source: 'messages', to: REPORT.length - cut })
  expect(second?.reports).toMatchObject([
    {
      lines: { source: 'messages.1', from: 41, to: 40 + cut },
      continues: { source: 'messages', from: 1, to: REPORT.length - cut },
      isCutAtStart: false,
      isCutAtEnd: false,
    },
  ])
  expect(second?.reports[0]?.tasks?.map(({ line }) => line)).toEqual([50, 51])
  expect(second?.reports[0]?.memory?.zones).toHaveLength(2)
  expect(second?.joined).toEqual(['messages.1'])
})

test('the order in which files come changes nothing', () => {
  const files = () => [
    read('messages', syslog('shop', REPORT.slice(7))),
    read('messages.1', syslog('shop', REPORT.slice(0, 7))),
  ]
  const [newer, older] = joinHistory(files(), 'UTC')
  expect(joinHistory(files().reverse(), 'UTC')).toEqual([older, newer])
  expect(newer?.kills[0]?.gfpMask).toBe('0x201da')
})

test('files of different hosts, and files without one, never touch each other', () => {
  const apart = joinHistory(
    [
      read('messages.1', syslog('shop', REPORT.slice(0, 7))),
      read('messages', syslog('mail', REPORT.slice(7))),
      read('dmesg.1', REPORT.slice(0, 7).join('\n')),
      read('dmesg', REPORT.slice(7).join('\n')),
    ],
    'UTC',
  )
  expect(apart.map(({ joined }) => joined)).toEqual([[], [], [], []])
  expect(apart[1]?.kills[0]?.gfpMask).toBeNull()
  expect(apart[3]?.kills[0]?.gfpMask).toBeNull()
})

test('a host that a person named for the files makes them one history', () => {
  const [, newer] = joinHistory(
    [read('dmesg.1', REPORT.slice(0, 7).join('\n'), 'shop'), read('dmesg', REPORT.slice(7).join('\n'), 'shop')],
    'UTC',
  )
  expect(newer?.kills[0]).toMatchObject({ gfpMask: '0x201da', host: 'shop' })
})

test('the next file of another day does not complete a report', () => {
  const later = syslog('shop', REPORT.slice(7)).replaceAll('Mar 14', 'Mar 16')
  const [, newer] = joinHistory(
    [read('messages.1', syslog('shop', REPORT.slice(0, 7))), read('messages', later)],
    'UTC',
  )
  expect(newer?.kills[0]?.gfpMask).toBeNull()
})

function days(from: string, to: string, extra = ''): string {
  return [from, to].map((day) => `${day} 04:05:06 mail kernel: eth0: up${extra}\n`).join('')
}

const KILL = 'Out of Memory: Killed process 5 (a).'

test('a year that one file tells dates the others of its host', () => {
  const files = [
    read('messages.1', `${days('Dec  1', 'Dec 31')}Dec 31 23:00:00 mail kernel: ${KILL}\n`),
    read('messages', `${days('Jan  1', 'Jan 20')}Jan 20 05:00:00 mail amavis[2]: amavis-20080120T050000 done\n`),
  ]
  const [older] = joinHistory(files, 'UTC')
  expect(older?.kills[0]?.stamp.at).toBe(Date.UTC(2007, 11, 31, 23))
  expect(older?.assumed).toContainEqual({
    what: 'year',
    value: '2007',
    why: 'it ends before messages begins',
    isEvidenced: true,
  })
})

test('without any evidence, the older file still lies before the newer one', () => {
  const files = [
    read('messages.2', days('Feb  1', 'Oct 31')),
    read('messages.1', days('Nov  1', 'Jan 31')),
    read('messages', days('Feb  1', 'Feb 20')),
  ]
  const years = joinHistory(files, 'UTC').map(({ from }) => new Date(from ?? 0).getUTCFullYear())
  expect(years).toEqual([2025, 2025, 2026])
  expect(joinHistory(files, 'UTC')[0]?.assumed).toContainEqual({
    what: 'year',
    value: '2025',
    why: 'it ends before messages.1 begins',
    isEvidenced: false,
  })
})

test('another file of the host with far dates and no order gives no year', () => {
  const files = [
    read('notes.txt', `Nov  2 05:00:00 mail amavis[2]: amavis-20071102T050000 done\n${days('Nov  2', 'Nov  3')}`),
    read('kern.log', days('Mar  1', 'Mar  2')),
  ]
  expect(joinHistory(files, 'UTC')[1]?.assumed.find(({ what }) => what === 'year')?.value).toBe('2026')
})
