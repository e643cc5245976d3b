import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketsFor, TIERS } from '@/lib/metrics/tiers'

const HOUR_MS = 3_600_000

test('a minute is answered from samples, a day from minutes, a month from ten minutes, a season from hours, a year from quarters of days', () => {
  const from = Date.UTC(2026, 0, 1)
  const resolutionOf = (hours: number) => bucketsFor({ from, to: from + hours * HOUR_MS }, 1000).resolution
  expect([1 / 60, 24, 30 * 24, 90 * 24, 365 * 24].map(resolutionOf)).toEqual([
    'raw',
    60_000,
    600_000,
    3_600_000,
    21_600_000,
  ])
})

test('at most so many whole buckets cover the range, each a multiple of what it is made of', () => {
  const ranges = fc.record({ from: fc.integer({ min: 0, max: 2e12 }), length: fc.integer({ min: 1, max: 1e11 }) })
  fc.assert(
    fc.property(ranges, fc.integer({ min: 2, max: 2000 }), ({ from, length }, points) => {
      const buckets = bucketsFor({ from, to: from + length }, points)
      expect((buckets.to - buckets.from) / buckets.bucketMs).toBeLessThanOrEqual(points)
      expect(buckets.from).toBeLessThanOrEqual(from)
      expect(buckets.to).toBeGreaterThan(from + length)
      expect(buckets.from % buckets.bucketMs).toBe(0)
      if (buckets.resolution !== 'raw') expect(buckets.bucketMs % buckets.resolution).toBe(0)
      // The coarsest rollup that still fills each bucket.
      const coarser = TIERS.filter((tier) => buckets.resolution === 'raw' || tier > buckets.resolution)
      expect(coarser.every((tier) => tier > length / (points - 1))).toBe(true)
    }),
  )
})
