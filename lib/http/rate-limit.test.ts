import { expect, test } from 'vitest'
import { RateLimit } from '@/lib/http/rate-limit'

test('a burst passes, then turns come back with time', () => {
  const limit = new RateLimit({ perSecond: 2, burst: 3, keys: 10 })
  expect([0, 0, 0, 0].map((at) => limit.take('a', at))).toEqual([0, 0, 0, 1])
  expect(limit.take('b', 0)).toBe(0)
  expect(limit.take('a', 499)).toBe(1)
  expect(limit.take('a', 500)).toBe(0)
  expect(limit.take('a', 500)).toBe(1)
})

test('of more keys than are kept the one used longest ago is forgotten', () => {
  const limit = new RateLimit({ perSecond: 0.001, burst: 1, keys: 2 })
  expect(limit.take('a', 0)).toBe(0)
  expect(limit.take('b', 0)).toBe(0)
  expect(limit.take('a', 0)).toBe(1000)
  expect(limit.take('c', 0)).toBe(0)
  expect(limit.take('a', 0)).toBe(1000)
  expect(limit.take('b', 0)).toBe(0)
})

test('a clock set back neither gives nor takes turns', () => {
  const limit = new RateLimit({ perSecond: 1, burst: 2, keys: 2 })
  expect(limit.take('a', 10_000)).toBe(0)
  expect(limit.take('a', 0)).toBe(0)
  expect(limit.take('a', 0)).toBe(1)
})
