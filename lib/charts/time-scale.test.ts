import { expect, test } from 'vitest'
import { timeTicks, widen, xOf } from '@/lib/charts/time-scale'

const at = (hour: number, minute = 0) => Date.UTC(2007, 10, 2, hour, minute)
const labels = (...input: Parameters<typeof timeTicks>) => timeTicks(...input).flatMap((tick) => tick.label ?? [])

test('seven hours on a wide plot are labelled by the hour, with ticks every ten minutes', () => {
  const ticks = timeTicks({ from: at(11), to: at(18) }, 'UTC', 1064)
  expect(ticks.flatMap((tick) => tick.label ?? [])).toEqual([
    '11:00',
    '12:00',
    '13:00',
    '14:00',
    '15:00',
    '16:00',
    '17:00',
    '18:00',
  ])
  expect(ticks).toHaveLength(43)
})

test('the same hours on a phone get fewer labels', () => {
  expect(labels({ from: at(11), to: at(18) }, 'UTC', 320)).toEqual(['12:00', '14:00', '16:00', '18:00'])
})

test('ticks are round on the clock of the zone, not on that of Greenwich', () => {
  const ticks = timeTicks({ from: at(11), to: at(18) }, 'Asia/Kolkata', 1064)
  expect(ticks.find((tick) => tick.label)).toEqual({ at: at(11, 30), label: '17:00' })
})

test('midnight is told as a day', () => {
  expect(labels({ from: at(20), to: at(20) + 8 * 3_600_000 }, 'UTC', 800)).toContain('3 Nov')
})

test('the hour that summer time skips has no tick', () => {
  const from = Date.UTC(2026, 2, 29, 0)
  expect(labels({ from, to: from + 4 * 3_600_000 }, 'Europe/Berlin', 400)).toEqual([
    '01:00',
    '03:00',
    '04:00',
    '05:00',
    '06:00',
  ])
})

test('years of data are labelled by month or year', () => {
  expect(labels({ from: Date.UTC(2024, 0, 1), to: Date.UTC(2026, 0, 1) }, 'UTC', 400)).toEqual([
    'Jan 2024',
    'Jul 2024',
    'Jan 2025',
    'Jul 2025',
    'Jan 2026',
  ])
})

test('an instant is widened to a range that can be drawn', () => {
  expect(widen({ from: 1000, to: 1000 }, 0, 600)).toEqual({ from: 700, to: 1300 })
  expect(xOf(1000, { from: 700, to: 1300 }, 200)).toBe(100)
})
