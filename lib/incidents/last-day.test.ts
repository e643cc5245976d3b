import { expect, test } from 'vitest'
import { lastDay } from '@/lib/incidents/last-day'
import type { BucketColumns, BucketedSeries } from '@/lib/metrics/bucketed'

function columns(min: (number | null)[], max: (number | null)[]): BucketColumns {
  return { min, max, avg: min, last: min, count: min.map((value) => (value === null ? 0 : 30)) }
}

function series(fields: BucketedSeries['fields']): BucketedSeries {
  return { from: 0, to: 900, bucketMs: 300, resolution: 60_000, at: [0, 300, 600], fields, stepMs: 10, gaps: [] }
}

test('the worst of a day is found with the time it was first reached', () => {
  const day = lastDay(
    series({
      memAvailable: columns([50, 20, 20], [90, 90, 30]),
      swapTotal: columns([100, 100, 100], [100, 100, 100]),
      swapFree: columns([90, null, 10], [95, null, 60]),
      psiMemSomeAvg10: columns([0, 0, 0], [0.5, 44, 2]),
    }),
  )
  expect(day).toEqual({
    leastAvailable: { value: 20, at: 300 },
    mostSwapUsed: { value: 90, at: 600 },
    mostPressure: { value: 44, at: 300 },
    mostSwapIn: null,
  })
})

test('a machine without swap used none of it', () => {
  const day = lastDay(series({ swapTotal: columns([0, 0, 0], [0, 0, 0]), swapFree: columns([0, 0, 0], [0, 0, 0]) }))
  expect(day.mostSwapUsed).toBeNull()
})
