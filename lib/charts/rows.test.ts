import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasBand, intoRows } from '@/lib/charts/rows'
import type { Columns } from '@/lib/charts/series'

function columns(values: Record<string, (number | null)[]>): Columns {
  const [first = []] = Object.values(values)
  return {
    at: first.map((_, row) => row * 1000),
    values,
    extremes: Object.fromEntries(Object.entries(values).map(([key, told]) => [key, { least: told, greatest: told }])),
  }
}

const known = (column: readonly (number | null)[] = []) => column.filter((value) => value !== null)

test('joining rows again and again loses neither the least nor the greatest value', () => {
  const value = fc.option(fc.integer({ min: -1e9, max: 1e9 }))
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 400 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
      (told, zooms) => {
        let drawn = columns({ told })
        for (const most of zooms.sort((a, b) => b - a)) {
          drawn = intoRows(drawn, most, [])
          expect(drawn.at.length).toBeLessThanOrEqual(most)
          const { least, greatest } = drawn.extremes.told ?? { least: [], greatest: [] }
          if (known(told).length === 0) continue
          expect(Math.min(...known(least))).toBe(Math.min(...known(told)))
          expect(Math.max(...known(greatest))).toBe(Math.max(...known(told)))
        }
      },
    ),
    { seed: 20071102 },
  )
})

test('a row is the last of its stretch that tells everything, so that a stack is of one instant', () => {
  const drawn = intoRows(columns({ anon: [1, 2, 3, 4, 5, 6], free: [9, 8, null, 6, 5, null] }), 2, [])
  expect(drawn.at).toEqual([1000, 4000])
  expect(drawn.values).toEqual({ anon: [2, 5], free: [8, 5] })
  expect(drawn.extremes.anon).toEqual({ least: [1, 4], greatest: [3, 6] })
})

test('no row stands for samples of both sides of a gap', () => {
  const drawn = intoRows(columns({ free: [1, 2, 3, 9, 8, 7] }), 1, [{ from: 2000, to: 3000, edge: 'inside' }])
  expect(drawn.values.free).toEqual([3, 7])
  expect(drawn.extremes.free).toEqual({ least: [1, 7], greatest: [3, 9] })
})

test('rows that stand for themselves have no band', () => {
  expect(hasBand(columns({ free: [1, 2, 3] }), 'free')).toBe(false)
  expect(hasBand(intoRows(columns({ free: [1, 2, 3] }), 1, []), 'free')).toBe(true)
})
