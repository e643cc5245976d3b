import fc from 'fast-check'
import { expect, test } from 'vitest'
import { increase, ratePerSecond } from '@/lib/metrics/rates'

test('the first reading has no increase', () => {
  expect(increase(null, { at: 1000, value: 5 })).toBeNull()
  expect(ratePerSecond(null, { at: 1000, value: 5 })).toBeNull()
})

test('a rate is the increase by the seconds between', () => {
  expect(ratePerSecond({ at: 10_000, value: 100 }, { at: 20_000, value: 350 })).toBe(25)
})

test('after a reset the new value is what came since', () => {
  expect(increase({ at: 0, value: 9000 }, { at: 60_000, value: 120 })).toBe(120)
})

test('readings of one instant, or out of order, give nothing', () => {
  expect(increase({ at: 5000, value: 1 }, { at: 5000, value: 9 })).toBeNull()
  expect(ratePerSecond({ at: 5000, value: 1 }, { at: 4000, value: 9 })).toBeNull()
})

test('no increase is ever negative, and those of a counter without a reset add up to its growth', () => {
  const readings = fc.array(fc.tuple(fc.integer({ min: 1, max: 600 }), fc.nat(1e9)), { minLength: 2, maxLength: 50 })
  fc.assert(
    fc.property(readings, (steps) => {
      const series = steps.map(([seconds, value], index) => ({ at: index * 600_000 + seconds * 1000, value }))
      const growing = series.map((reading, index) => ({
        ...reading,
        value: series.slice(0, index + 1).reduce((sum, { value }) => sum + value, 0),
      }))
      const increases = (list: typeof series) =>
        list.slice(1).map((now, index) => increase(list[index] ?? null, now) ?? 0)
      expect(increases(series).every((grown) => grown >= 0)).toBe(true)
      const total = increases(growing).reduce((sum, grown) => sum + grown, 0)
      expect(total).toBe((growing.at(-1)?.value ?? 0) - (growing[0]?.value ?? 0))
    }),
  )
})
