import { expect, test } from 'vitest'
import { byteScale, byteUnit, countScale, formatInUnit, percentScale, shareScale } from '@/lib/charts/value-scale'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

test('memory ticks are powers of two', () => {
  expect(byteScale(248.5 * MIB).ticks.map((tick) => tick.label)).toEqual([
    '64\u00a0MiB',
    '128\u00a0MiB',
    '192\u00a0MiB',
  ])
  expect(byteScale(16 * GIB).ticks.map((tick) => tick.label)).toEqual([
    '4\u00a0GiB',
    '8\u00a0GiB',
    '12\u00a0GiB',
    '16\u00a0GiB',
  ])
})

test('an axis keeps one unit, and a rate says so', () => {
  expect(byteScale(9 * MIB, '/s').ticks.map((tick) => tick.label)).toEqual([
    '2\u00a0MiB/s',
    '4\u00a0MiB/s',
    '6\u00a0MiB/s',
    '8\u00a0MiB/s',
  ])
  expect(byteScale(1 * GIB).ticks[0]?.label).toBe('256\u00a0MiB')
})

test('readings of one panel share a unit', () => {
  expect(byteUnit(248 * MIB)).toEqual({ name: 'MiB', size: MIB })
  expect(byteUnit(16 * GIB)).toEqual({ name: 'GiB', size: GIB })
  expect(formatInUnit(3186 * 4096, MIB)).toBe('12.4')
})

test('counts end at a round number', () => {
  expect(countScale(742, '/s')).toMatchObject({
    max: 1000,
    ticks: [{ value: 500 }, { value: 1000, label: '1,000\u00a0/s' }],
  })
  expect(countScale(0, '/s').max).toBe(0.5)
})

test('pressure of a calm machine is not drawn against 100 %', () => {
  expect(percentScale(3.2).max).toBe(10)
  expect(percentScale(76).max).toBe(100)
})

test('a scale of nothing has no numbers', () => {
  expect(byteScale(0).ticks).toEqual([])
})

test('what can be full is measured by its limit', () => {
  expect(shareScale(12)).toMatchObject({ max: 100, ticks: [{ value: 50 }, { value: 100 }] })
  expect(shareScale(104).max).toBe(104)
})
