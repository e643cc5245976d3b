import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BucketColumns, type BucketedSeries, toDrawnSamples } from '@/lib/metrics/bucketed'
import type { SampleField, Series } from '@/lib/metrics/sample'

const BUCKET_MS = 60_000

function columnsOf(buckets: number[][]): BucketColumns {
  return {
    min: buckets.map((values) => Math.min(...values)),
    max: buckets.map((values) => Math.max(...values)),
    avg: buckets.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    last: buckets.map((values) => values.at(-1) ?? null),
    count: buckets.map((values) => values.length),
    sum: buckets.map((values) => values.reduce((sum, value) => sum + value, 0)),
  }
}

function seriesOf(fields: { [field in SampleField]?: number[][] }): BucketedSeries {
  const [first = []] = Object.values(fields)
  return {
    from: 0,
    to: first.length * BUCKET_MS,
    bucketMs: BUCKET_MS,
    resolution: 'raw',
    at: first.map((_, index) => index * BUCKET_MS),
    fields: Object.fromEntries(Object.entries(fields).map(([field, buckets]) => [field, columnsOf(buckets)])),
    stepMs: 10_000,
    gaps: [],
  }
}

test('the least and the greatest drawn are those of the raw samples', () => {
  const bucket = fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fc.array(bucket, { minLength: 1, maxLength: 50 }), (buckets) => {
      for (const field of ['memAvailable', 'swapFree', 'swapInPerSec', 'psiMemFullAvg10'] as const) {
        const { extremes } = toDrawnSamples(seriesOf({ [field]: buckets }))
        const told = (samples: Series) => samples.map((sample) => sample[field] ?? Number.NaN)
        expect(Math.min(...told(extremes.least))).toBe(Math.min(...buckets.flat()))
        expect(Math.max(...told(extremes.greatest))).toBe(Math.max(...buckets.flat()))
      }
    }),
  )
})

test('layers of a stack are of one instant, and kills are added up', () => {
  const series = seriesOf({ memFree: [[9, 2, 5]], anonPages: [[1, 8, 4]], oomKills: [[0, 1, 1]] })
  const { samples, extremes } = toDrawnSamples(series)
  expect(samples).toEqual([{ at: 30_000, memFree: 5, anonPages: 4, oomKills: 2 }])
  expect(extremes.least).toEqual([{ at: 30_000, memFree: 2, anonPages: 1, oomKills: 2 }])
})
