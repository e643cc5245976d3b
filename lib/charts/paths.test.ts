import { expect, test } from 'vitest'
import { areaPath, linePath, stepPath } from '@/lib/charts/paths'

test('a line breaks where a value is unknown', () => {
  expect(linePath([0, 10, 20, 30, 40], [1, 2.04, null, 4, 5])).toBe('M0 1L10 2M30 4L40 5')
})

test('an area is closed on each side of a hole, and nothing spans it', () => {
  expect(areaPath([0, 10, 20, 30, 40], [1, 2, null, 4, 5], [9, 9, 9, 9, 9])).toBe(
    'M0 1L10 2L10 9L0 9ZM30 4L40 5L40 9L30 9Z',
  )
})

test('a single instant between gaps is seen', () => {
  expect(areaPath([0, 10, 20], [1, null, 3], [9, 9, 9])).toBe('M-0.7 1h1.5V9h-1.5ZM19.3 3h1.5V9h-1.5Z')
  expect(linePath([0, 10, 20], [1, null, 3])).toBe('M0 1h0M20 3h0')
})

test('a step keeps its value until the next instant', () => {
  expect(stepPath([0, 10, 20, 30], [5, 8, null, 2])).toBe('M0 5h0H10V8M30 2h0')
})
