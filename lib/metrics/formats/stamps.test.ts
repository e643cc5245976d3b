import { expect, test } from 'vitest'
import { parseClearDate, parseStampLine, parseTimeOfDay } from '@/lib/metrics/formats/stamps'

test.each([
  ['02:41:46', 2, 41, 46],
  ['09:45:00 PM', 21, 45, 0],
  ['12:00:01 AM', 0, 0, 1],
  ['12:00:01 PM', 12, 0, 1],
  ['02:41:46 πμ', 2, 41, 46],
  ['下午 09时45分00秒', 21, 45, 0],
  ['10时45分01秒', 10, 45, 1],
  ['02시 41분 46초', 2, 41, 46],
  ['02.41.46', 2, 41, 46],
  ['۰۲:۴۱:۴۶', 2, 41, 46],
  ['kl. 02.41 +0000', 2, 41, 0],
])('%s is a time of day', (text, hour, minute, second) => {
  const found = parseTimeOfDay(`${text}   kbmemfree`)
  expect(found?.time).toEqual({ hour, minute, second })
  expect(found?.rest.trim()).toBe('kbmemfree')
})

test('a zone printed with every time is kept', () => {
  expect(parseTimeOfDay('02:41:46 AM UTC  22934148')).toMatchObject({ zone: 'UTC', rest: '  22934148' })
})

test('a column name is no zone', () => {
  expect(parseTimeOfDay('02:41:46        CPU     %user')).toMatchObject({ zone: null })
})

test.each(['25:00:00', '12:60:00', '24684092 1 2', 'Average: 1.00'])('%s is no time of day', (text) => {
  expect(parseTimeOfDay(text)).toBeNull()
})

test.each([
  ['24.11.2026', 2026, 11, 24],
  ['2026年11月24日', 2026, 11, 24],
  ['2026년 11월 24일', 2026, 11, 24],
  ['24-NOV-2026', 2026, 11, 24],
  ['Tuesday 24 November 2026', 2026, 11, 24],
  ['24.11.26', 2026, 11, 24],
  ['24.11.2569', 2026, 11, 24],
])('%s can be read in one way only', (text, year, month, day) => {
  expect(parseClearDate(text)).toEqual({ year, month, day })
})

test('11/24/26 is not clear by itself', () => {
  expect(parseClearDate('11/24/26')).toBeNull()
})

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
])('%s is a line with nothing but an instant', (text, zone) => {
  expect(parseStampLine(text)).toEqual({
    date: { year: 2026, month: 11, day: 24 },
    time: { hour: 2, minute: 41, second: 46 },
    zone,
  })
})

test('seconds since 1970 are an instant', () => {
  expect(parseStampLine('1795488106')).toEqual({ epoch: 1795488106000 })
})

test.each(['MemTotal: 5 kB', '24684092', '19251', '', 'Nov 24 02:41:46 mail kernel: x'])('%j is no instant', (text) => {
  expect(parseStampLine(text)).toBeNull()
})
