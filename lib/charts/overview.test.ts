import { expect, test } from 'vitest'
import { fitRange, overviewModel } from '@/lib/charts/overview'
import type { BucketedSeries } from '@/lib/metrics/bucketed'

const HOUR = 3_600_000

const SERIES: BucketedSeries = {
  from: 0,
  to: 3 * HOUR,
  bucketMs: HOUR,
  resolution: HOUR,
  at: [0, HOUR, 2 * HOUR],
  fields: {
    memAvailable: { min: [2, 3, 1], max: [9, 8, 7], avg: [5, 5, 5], last: [4, 6, 3], count: [360, 360, 360] },
  },
  stepMs: HOUR,
  gaps: [],
}

test('the small chart reaches from the first thing known to now, and holds the extremes of its buckets', () => {
  const model = overviewModel({ series: SERIES, incidents: [] }, 2.75 * HOUR)
  expect(model).toMatchObject({ range: { from: 0, to: 2.75 * HOUR }, field: 'MemAvailable', max: 9 })
  expect(model?.columns.at).toEqual([0.5 * HOUR, 1.5 * HOUR, 2.5 * HOUR])
  expect(model?.columns.values.left).toEqual([4, 6, 3])
  expect(model?.columns.extremes.left?.least).toEqual([2, 3, 1])
})

test('what was not measured before and after is no gap in it', () => {
  const gaps = [
    { from: -HOUR, to: 0, edge: 'start' },
    { from: HOUR, to: 1.5 * HOUR, edge: 'inside' },
    { from: 2.5 * HOUR, to: 9 * HOUR, edge: 'end' },
  ] as const
  expect(overviewModel({ series: { ...SERIES, gaps: [...gaps] }, incidents: [] }, 2.75 * HOUR)?.gaps).toEqual([
    gaps[1],
    { ...gaps[2], to: 2.75 * HOUR },
  ])
})

test('incidents without samples make one too, and kills that cannot be told apart are one rule', () => {
  const incident = { from: 10 * HOUR, to: 20 * HOUR, killTimes: [10 * HOUR, 10 * HOUR + 1_000, 20 * HOUR] }
  const model = overviewModel({ series: null, incidents: [incident] }, null)
  expect(model).toMatchObject({ range: { from: 10 * HOUR, to: 20 * HOUR }, field: null, gaps: [] })
  expect(model?.kills).toEqual([10 * HOUR, 20 * HOUR])
})

test('of a host of which nothing is known there is no small chart', () => {
  expect(overviewModel({ series: null, incidents: [] }, 5 * HOUR)).toBeNull()
})

test('a range is moved into another, and made neither shorter than the least nor longer than all', () => {
  const outer = { from: 100, to: 200 }
  expect(fitRange({ from: 90, to: 110 }, outer, 1)).toEqual({ from: 100, to: 120 })
  expect(fitRange({ from: 190, to: 230 }, outer, 1)).toEqual({ from: 160, to: 200 })
  expect(fitRange({ from: 150, to: 151 }, outer, 10)).toEqual({ from: 150, to: 160 })
  expect(fitRange({ from: 0, to: 900 }, outer, 1)).toEqual({ from: 100, to: 200 })
})
