import { expect, test } from 'vitest'
import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { parseStampLine, splitStamp } from '@/lib/metrics/formats/stamp-lines'
import type { SourceHints } from '@/lib/source'

const DATE = { year: 2026, month: 11, day: 24 }
const HINTS: SourceHints = { name: 'x', host: null, zone: 'UTC', year: null, modifiedAt: null, receivedAt: null }

test.each([
  ['2026-11-24T02:41:46Z', 'Z'],
  ['2026-11-24 02:41:46 UTC', 'UTC'],
  ['2026-11-24T02:41:46+01:00', '+01:00'],
  ['Tue Nov 24 02:41:46 CET 2026', 'CET'],
  ['zzz ***Tue Nov 24 02:41:46 CET 2026', 'CET'],
  ['Di 24. Nov 02:41:46 CET 2026', 'CET'],
  ['Tue 24 Nov 2026 02:41:46 AM UTC', 'UTC'],
  ['2026年 11月 24日 星期二 02:41:46 CST', 'CST'],
  ['=== 2026-11-24 02:41:46 ===', null],
  ['[2026-11-24 02:41:46]', null],
  ['Timestamp: Tue Nov 24 02:41:46 UTC 2026', 'UTC'],
  ['20261124-024146', null],
  ['2026-11-24_02-41-46', null],
  ['--- 24/11/2026 02:41:46', null],
  ['11/24/2026 02:41:46 AM', null],
  ['24-11-26 02:41:46', null],
  ['Tue, 24 Nov 2026 02:41:46 +0100', '+0100'],
  ['mar 24 nov 2026, 02:41:46, UTC', 'UTC'],
  ['marți 24 noiembrie 2026, 02:41:46 +0000', '+0000'],
  ['2026. nov. 24., kedd, 02:41:46 UTC', 'UTC'],
  ['Sal 24 Kas 2026 02:41:46 UTC', 'UTC'],
  ['вівторок, 24 листопада 2026 02:41:46 +0000', '+0000'],
  ['Thứ ba, 24 Tháng 11 năm 2026 02:41:46 UTC', 'UTC'],
  ['西元2026年11月24日 (週二) 02時41分46秒 UTC', 'UTC'],
  ['2026년 11월 24일 (화) 오전 02시 41분 46초', null],
  ["UTC 02:41:46 2026 nov 24 ג'", 'UTC'],
  ['ter 24 nov 2026 02:41:46 -03', '-03'],
  ['Every 2.0s: free -m                    web-07: Tue Nov 24 02:41:46 2026', null],
])('%s is a line with nothing but an instant', (text, zone) => {
  expect(parseStampLine(text)).toEqual({ date: DATE, time: { hour: 2, minute: 41, second: 46 }, zone })
})

test('a Japanese date in EUC-JP, read byte by byte, is still a date', () => {
  expect(
    parseStampLine('2026\u00c7\u00af11\u00b7\u00ee24\u00c6\u00fc 02\u00bb\u00fe41\u00ca\u00ac46\u00c9\u00c3'),
  ).toEqual({
    date: DATE,
    time: { hour: 2, minute: 41, second: 46 },
    zone: null,
  })
})

test('seconds since 1970 are an instant', () => {
  expect(parseStampLine('1795488106')).toEqual({ epoch: 1795488106000 })
})

test.each([
  'MemTotal: 5 kB',
  '24684092',
  '19251',
  '',
  'Nov 24 02:41:46 mail kernel: x',
  'root     pts/0    2026-11-24 02:41',
  'top - 02:41:46 up 18 min,  0 user,  load average: 0.60, 0.79, 0.47',
  'Linux 6.1.0-18-amd64 (web-07) \t11/24/26 \t_x86_64_\t(8 CPU)',
  '24 lis 2026',
  '2026-11-24',
])('%j is no instant', (text) => {
  expect(parseStampLine(text)).toBeNull()
})

test('a month name that means two months in two languages is no date', () => {
  expect(parseStampLine('24. lipnja 2026 02:41:46')).toBeNull()
})

function resolve(stamps: string[], hints: Partial<SourceHints>): (string | null)[] {
  const all = { ...HINTS, ...hints }
  const clock = createLocalClock(all, createDraft('free', 0, all))
  return stamps.map((text) => {
    const stamp = parseStampLine(text)
    const at = stamp && clock.resolve(stamp)
    return at === null ? null : new Date(at).toISOString().slice(0, 10)
  })
}

test('where day and month could be swapped, the time of the file decides, and one order stands for all', () => {
  const stamps = ['03/04/2026 23:59:00', '04/04/2026 00:01:00']
  expect(resolve(stamps, { modifiedAt: Date.UTC(2026, 3, 4, 1) })).toEqual(['2026-04-03', '2026-04-04'])
  expect(resolve(stamps, {})).toEqual(['2026-03-04', '2026-04-04'])
})

test('an instant before each line is taken off', () => {
  const clock = { hour: 2, minute: 41, second: 46 }
  for (const [line, zone] of [
    ['2026-11-24 02:41:46  r  b   swpd', null],
    ['[2026-11-24 02:41:46]  r  b   swpd', null],
    ['2026-11-24T02:41:46+0100:  r  b   swpd', '+0100'],
    ['Tue Nov 24 02:41:46 UTC 2026  r  b   swpd', 'UTC'],
    ['Tue 24 Nov 2026 02:41:46 AM UTC  r  b   swpd', 'UTC'],
    ['24/11/2026 02:41:46  r  b   swpd', null],
  ] as const) {
    const { stamp, text } = splitStamp(line)
    expect(stamp).toEqual({ date: DATE, time: clock, zone })
    expect(text.trim()).toBe('r  b   swpd')
  }
  expect(splitStamp('1795488106 MemFree: 5 kB')).toEqual({ stamp: { epoch: 1795488106000 }, text: 'MemFree: 5 kB' })
})

test('a line without an instant comes back as it is', () => {
  expect(splitStamp(' 1  0      0 17852836')).toEqual({ stamp: null, text: ' 1  0      0 17852836' })
})
