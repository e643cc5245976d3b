import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectedStep, findGaps, joinGaps, keepExtremes, nearestRow, runsBetween } from '@/lib/charts/series'

const EVERY_10_S = [0, 10_000, 20_000, 30_000, 100_000, 110_000]

test('the expected step is not moved by a gap', () => {
  expect(expectedStep(EVERY_10_S)).toBe(10_000)
  expect(expectedStep([5])).toBeNull()
})

test('more than three steps without a sample is a gap, inside and at both edges', () => {
  expect(findGaps(EVERY_10_S, { from: -60_000, to: 120_000 })).toEqual([
    { from: -60_000, to: 0, edge: 'start' },
    { from: 30_000, to: 100_000, edge: 'inside' },
  ])
  expect(findGaps([0, 10_000, 40_000], { from: 0, to: 40_000 })).toEqual([])
})

test('a series breaks at its gaps', () => {
  const gaps = findGaps(EVERY_10_S, { from: 0, to: 110_000 })
  expect(runsBetween(EVERY_10_S, gaps)).toEqual([
    [0, 3],
    [4, 5],
  ])
})

test('rows that were left out do not close a gap', () => {
  const gaps = findGaps(EVERY_10_S, { from: 0, to: 110_000 })
  expect(runsBetween([0, 30_000, 110_000], gaps)).toEqual([
    [0, 1],
    [2, 2],
  ])
})

test('gaps that overlap are one, a single sample parts two', () => {
  const gaps = [
    { from: 0, to: 40, edge: 'start' },
    { from: 50, to: 60, edge: 'inside' },
  ] as const
  const others = [{ from: 30, to: 50, edge: 'inside' }] as const
  expect(joinGaps(gaps, others)).toEqual([
    { from: 0, to: 50, edge: 'start' },
    { from: 50, to: 60, edge: 'inside' },
  ])
})

test('leaving rows out never loses the least or greatest value of any field', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 1e9 }), fc.option(fc.integer({ min: 0, max: 100 }))), {
        minLength: 50,
        maxLength: 400,
      }),
      fc.integer({ min: 1, max: 20 }),
      (rows, buckets) => {
        const columns = {
          at: rows.map((_, index) => index * 1000),
          values: { free: rows.map(([free]) => free), psi: rows.map(([, psi]) => psi) },
        }
        const kept = keepExtremes(columns, buckets)
        expect(Math.min(...(kept.values.free as number[]))).toBe(Math.min(...columns.values.free))
        expect(Math.max(...(kept.values.free as number[]))).toBe(Math.max(...columns.values.free))
        const known = (column: (number | null)[]) => column.filter((value) => value !== null)
        const pressure = known(columns.values.psi)
        if (pressure.length > 0) expect(Math.max(...known(kept.values.psi ?? []))).toBe(Math.max(...pressure))
        expect(kept.at.length).toBeLessThanOrEqual(Math.max(buckets * 4 + 2, buckets * 2))
      },
    ),
    { seed: 20071102 },
  )
})

test('the row under the cursor is the nearest one, unless none is near', () => {
  expect(nearestRow(EVERY_10_S, 26_000, 15_000)).toBe(3)
  expect(nearestRow(EVERY_10_S, 65_000, 15_000)).toBeNull()
})
