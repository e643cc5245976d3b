import { expect, test } from 'vitest'
import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import type { SourceHints } from '@/lib/source'

function clockIn(zone: string | null) {
  const hints: SourceHints = { name: 'x', host: null, zone, year: null, modifiedAt: null, receivedAt: null }
  const draft = createDraft('test', 0, hints)
  const clock = createLocalClock(hints, draft)
  return {
    at: (text: string, printed: string | null = null, notBefore: number | null = null) => {
      const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/\D/).map(Number)
      const at = clock.toEpoch({ year, month, day }, { hour, minute, second: 0 }, printed, notBefore)
      return at === null ? null : new Date(at).toISOString()
    },
    assumed: () =>
      draft.finish('samples').assumed.map(({ value, isEvidenced }) => `${value}${isEvidenced ? '' : ' ?'}`),
  }
}

test('without a zone the time is read as UTC, as a guess', () => {
  const { at, assumed } = clockIn(null)
  expect(at('2026-11-24 02:41')).toBe('2026-11-24T02:41:00.000Z')
  expect(assumed()).toEqual(['UTC ?'])
})

test('the zone the sender told is used, summer and winter', () => {
  const { at, assumed } = clockIn('Europe/Berlin')
  expect(at('2026-07-01 12:00')).toBe('2026-07-01T10:00:00.000Z')
  expect(at('2026-11-24 02:41')).toBe('2026-11-24T01:41:00.000Z')
  expect(assumed()).toEqual(['Europe/Berlin'])
})

test('a zone printed beside the time stands above the one the sender told', () => {
  expect(clockIn('Asia/Shanghai').at('2026-11-24 02:41', 'UTC')).toBe('2026-11-24T02:41:00.000Z')
  expect(clockIn(null).at('2026-11-24 02:41', '-0530')).toBe('2026-11-24T08:11:00.000Z')
})

test('a zone name with several meanings is read by the sender’s zone, else as a guess', () => {
  expect(clockIn('Asia/Shanghai').at('2026-11-24 10:41', 'CST')).toBe('2026-11-24T02:41:00.000Z')
  const { at, assumed } = clockIn(null)
  expect(at('2026-11-24 02:41', 'CST')).toBe('2026-11-24T08:41:00.000Z')
  expect(assumed()).toEqual(['UTC-06:00 ?'])
})

test('the hour that autumn repeats is read the second time where the first would go back', () => {
  const { at } = clockIn('Europe/Berlin')
  expect(at('2026-10-25 02:30')).toBe('2026-10-25T00:30:00.000Z')
  expect(at('2026-10-25 02:10', null, Date.UTC(2026, 9, 25, 0, 50))).toBe('2026-10-25T01:10:00.000Z')
})

test('the hour that spring skips is read with the offset before it', () => {
  expect(clockIn('Europe/Berlin').at('2026-03-29 02:30')).toBe('2026-03-29T01:30:00.000Z')
})

test.each(['2026-13-01 00:00', '2026-02-30 00:00', '2026-01-01 25:00', '2026-00-10 00:00'])('%s is no time', (text) => {
  expect(clockIn(null).at(text)).toBeNull()
})
