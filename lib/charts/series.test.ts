import { expect, test } from 'vitest'
import { expectedStep, findGaps, joinGaps, nearestRow, runsBetween } from '@/lib/charts/series'

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

test('the row under the cursor is the nearest one, unless none is near', () => {
  expect(nearestRow(EVERY_10_S, 26_000, 15_000)).toBe(3)
  expect(nearestRow(EVERY_10_S, 65_000, 15_000)).toBeNull()
})
