import { expect, test } from 'vitest'
import { readBannerDate } from '@/lib/metrics/formats/banner-date'
import { createDraft } from '@/lib/metrics/formats/draft'
import type { SourceHints } from '@/lib/source'

const NOTHING = { has12HourClock: false, hasDecimalComma: false }
const HINTS: SourceHints = { name: 'sar.txt', host: null, zone: 'UTC', year: null, modifiedAt: null, receivedAt: null }

function read(text: string, evidence = NOTHING, hints: Partial<SourceHints> = {}) {
  const all = { ...HINTS, ...hints }
  const draft = createDraft('sar', 0, all)
  const date = readBannerDate(text, evidence, all, draft)
  const assumption = draft.finish('samples').assumed.find(({ what }) => what === 'date')
  return { date: date && `${date.year}-${date.month}-${date.day}`, isSure: assumption?.isEvidenced ?? true }
}

test('a number above 12 is the day', () => {
  expect(read('11/24/26')).toEqual({ date: '2026-11-24', isSure: true })
  expect(read('25/05/21')).toEqual({ date: '2021-5-25', isSure: true })
})

test('03/04/26 is read month first, as a guess', () => {
  expect(read('03/04/26')).toEqual({ date: '2026-3-4', isSure: false })
})

test('a 12-hour clock is of the United States, a decimal comma is not', () => {
  expect(read('03/04/2026', { ...NOTHING, has12HourClock: true })).toEqual({ date: '2026-3-4', isSure: true })
  expect(read('03/04/2026', { ...NOTHING, hasDecimalComma: true })).toEqual({ date: '2026-4-3', isSure: true })
})

test('sysstat names its files after the day of the month', () => {
  expect(read('03/04/26', NOTHING, { name: 'var/log/sa/sar03' })).toEqual({ date: '2026-4-3', isSure: true })
  expect(read('03/04/26', NOTHING, { name: 'sar04.txt' })).toEqual({ date: '2026-3-4', isSure: true })
})

test('nothing lies after the file was written', () => {
  expect(read('03/09/26', NOTHING, { modifiedAt: Date.UTC(2026, 2, 20) })).toEqual({ date: '2026-3-9', isSure: true })
  expect(read('09/03/26', NOTHING, { receivedAt: Date.UTC(2026, 2, 20) })).toEqual({ date: '2026-3-9', isSure: true })
})

test('a banner without a date has none', () => {
  expect(read('today').date).toBeNull()
})
