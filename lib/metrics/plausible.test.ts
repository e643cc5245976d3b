import { expect, test } from 'vitest'
import { findImplausible, isPlausibleInstant } from '@/lib/metrics/plausible'

const GIB = 1024 ** 3

test.each([
  [{ memFree: Number.NaN }, 'memFree'],
  [{ memFree: -1 }, 'memFree'],
  [{ swapFree: 2 ** 64 }, 'swapFree'],
  [{ psiMemSomeAvg10: 100.1 }, 'psiMemSomeAvg10'],
  [{ memTotal: GIB, memUsed: 2 * GIB }, 'memUsed'],
  [{ memTotal: GIB, anonPages: 2 * GIB }, 'anonPages'],
  [{ swapTotal: 0, swapFree: 4096 }, 'swapFree'],
  [{ swapTotal: GIB, swapCached: 2 * GIB }, 'swapCached'],
  [{ psiMemSomeAvg10: 1, psiMemFullAvg10: 5 }, 'psiMemFullAvg10'],
])('%j cannot be', (fields, field) => {
  expect(findImplausible(fields)?.field).toBe(field)
})

test.each([
  {},
  { memTotal: GIB, memFree: GIB, swapTotal: 0, swapFree: 0, memAvailable: null },
  // Promised memory may be more than there is.
  { memTotal: GIB, committedAs: 8 * GIB, commitLimit: GIB / 2 },
])('%j may be', (fields) => {
  expect(findImplausible(fields)).toBeNull()
})

test('only a broken clock says 1970 or 9999', () => {
  expect([0, Date.UTC(1900, 0, 1), Date.UTC(9999, 0, 1), Number.NaN].some(isPlausibleInstant)).toBe(false)
  expect([Date.UTC(2007, 10, 2), Date.UTC(2026, 10, 24)].every(isPlausibleInstant)).toBe(true)
})
