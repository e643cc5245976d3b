import { describe, expect, test } from 'vitest'
import { timeToExhaustion } from '@/lib/incidents/signs/exhaustion'
import type { Series } from '@/lib/metrics/sample'

const MINUTE = 60_000
const START = Date.UTC(2026, 2, 2, 12)

/** One sample a minute of 1,000 bytes of RAM without swap. */
function series(minutes: number, left: (minute: number) => number): Series {
  return Array.from({ length: minutes + 1 }, (_, minute) => {
    return { at: START + minute * MINUTE, memTotal: 1_000, memAvailable: left(minute), swapTotal: 0 }
  })
}
const minutesLeft = (samples: Series) => {
  const found = timeToExhaustion(samples)
  return found && [found.soonestMs, found.likelyMs, found.latestMs].map((ms) => Math.round(ms / MINUTE))
}

test('a straight fall ends where the line does', () => {
  expect(minutesLeft(series(60, (minute) => 500 - 5 * minute))).toEqual([40, 40, 40])
})

test('noise makes the band, odd samples do not move it', () => {
  const noisy = series(60, (minute) => 500 - 5 * minute + (minute % 3) * 12 + (minute % 17 === 0 ? 90 : 0))
  const [soonest = 0, likely = 0, latest = 0] = minutesLeft(noisy) ?? []
  expect(likely).toBeGreaterThanOrEqual(38)
  expect(likely).toBeLessThanOrEqual(44)
  expect(soonest).toBeLessThan(likely)
  expect(latest).toBeGreaterThan(likely)
})

test('an hour of calm before it is no part of a fall', () => {
  const noise = (minute: number) => ((minute * 7) % 5) - 2
  expect(minutesLeft(series(87, (minute) => 850 - 25 * Math.max(0, minute - 60) + noise(minute)))).toEqual([7, 7, 7])
})

test('free swap counts as left', () => {
  const swapped = series(60, () => 20).map((sample, minute) => ({
    ...sample,
    swapTotal: 1_000,
    swapFree: 800 - 10 * minute,
  }))
  expect(minutesLeft(swapped)).toEqual([22, 22, 22])
})

describe('no steady trend', () => {
  test.each<[string, Series]>([
    ['in less than half an hour', series(29, (minute) => 400 - 5 * minute)],
    ['in fewer than twenty samples', series(60, (minute) => 500 - 5 * minute).filter((_, index) => index % 4 === 0)],
    ['while more than half is left', series(60, (minute) => 900 - 5 * minute)],
    ['that would take more than a day', series(60, (minute) => 400 - 0.2 * minute)],
    ['that was lower an hour before', series(100, (minute) => 480 - 180 * Math.cos(minute / 16))],
    ['upwards', series(60, (minute) => 100 + minute)],
    ['up and down', series(120, (minute) => 300 - 100 * Math.sin(minute / 6))],
    ['that has levelled off', series(60, (minute) => (minute < 25 ? 450 - 10 * minute : 200))],
    ['of a pool that fills up', series(60, (minute) => 200 + 300 * Math.exp(-minute / 30))],
    ['where swap is not told', series(60, (minute) => 500 - 5 * minute).map(({ swapTotal: _, ...rest }) => rest)],
    ['without samples', []],
  ])('%s', (_, samples) => {
    expect(minutesLeft(samples)).toBeNull()
  })
})
