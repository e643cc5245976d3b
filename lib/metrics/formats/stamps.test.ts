import { expect, test } from 'vitest'
import { parseClearDate, parseTimeOfDay } from '@/lib/metrics/formats/stamps'

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
