import { describe, expect, test } from 'vitest'
import type { Reading } from '@/lib/ingest/protocols/protocol'
import { gatherSnapshots } from '@/lib/ingest/protocols/snapshots'
import { type Counters, samplesOf } from '@/lib/ingest/rates'

const T0 = 1_795_488_000_000

function counter(
  name: 'oomKills' | 'swapOutPages' | 'majorFaults' | 'memoryWaitingSeconds',
  at: number,
  value: number,
): Reading {
  return { host: 'cart-3', at, counter: name, value }
}

function rates(readings: Reading[], before: Counters = new Map(), pageSize: number | null = 4096) {
  return samplesOf(gatherSnapshots(readings, 0), before, pageSize).series
}

describe('totals since boot', () => {
  test('the first value has no rate', () => {
    expect(rates([counter('majorFaults', T0, 1695)])).toEqual([])
  })

  test('two values make one, per second, pages in bytes', () => {
    const readings = [counter('swapOutPages', T0, 100), counter('swapOutPages', T0 + 10_000, 110)]
    expect(rates(readings)).toEqual([{ at: T0 + 10_000, swapOutPerSec: 4096 }])
    expect(rates(readings, new Map(), 65_536)).toEqual([{ at: T0 + 10_000, swapOutPerSec: 65_536 }])
  })

  test('pages of unknown size give no bytes', () => {
    expect(rates([counter('swapOutPages', T0, 1), counter('swapOutPages', T0 + 10_000, 2)], new Map(), null)).toEqual(
      [],
    )
  })

  test('a request of its own continues from what is stored', () => {
    const before: Counters = new Map([['oomKills', { at: T0, value: 1 }]])
    expect(rates([counter('oomKills', T0 + 15_000, 3)], before)).toEqual([{ at: T0 + 15_000, oomKills: 2 }])
    expect(before.get('oomKills')).toEqual({ at: T0 + 15_000, value: 3 })
  })

  test('sent again, or late, they say nothing more', () => {
    const before: Counters = new Map([['oomKills', { at: T0 + 15_000, value: 3 }]])
    expect(rates([counter('oomKills', T0 + 15_000, 3), counter('oomKills', T0, 1)], before)).toEqual([])
    expect(before.get('oomKills')).toEqual({ at: T0 + 15_000, value: 3 })
  })

  test('after a reboot rates begin anew, and all kills counted are new', () => {
    const before: Counters = new Map([
      ['oomKills', { at: T0, value: 7 }],
      ['majorFaults', { at: T0, value: 9_000 }],
    ])
    expect(rates([counter('oomKills', T0 + 60_000, 2), counter('majorFaults', T0 + 60_000, 5)], before)).toEqual([
      { at: T0 + 60_000, oomKills: 2 },
    ])
  })

  test('nothing is averaged over a gap of hours, and kills in it are still told', () => {
    const before: Counters = new Map([
      ['oomKills', { at: T0, value: 0 }],
      ['majorFaults', { at: T0, value: 0 }],
    ])
    const later = T0 + 3 * 3_600_000
    expect(rates([counter('oomKills', later, 1), counter('majorFaults', later, 1e6)], before)).toEqual([
      { at: later, oomKills: 1 },
    ])
  })

  test('seconds waited become a share of the time, only over short intervals', () => {
    expect(rates([counter('memoryWaitingSeconds', T0, 0), counter('memoryWaitingSeconds', T0 + 10_000, 2.5)])).toEqual([
      { at: T0 + 10_000, psiMemSomeAvg10: 25 },
    ])
    expect(rates([counter('memoryWaitingSeconds', T0, 0), counter('memoryWaitingSeconds', T0 + 300_000, 2)])).toEqual(
      [],
    )
  })
})

test('values no machine shows are left out and counted, the rest is kept', () => {
  const readings: Reading[] = [
    { host: 'cart-3', at: T0, field: 'memTotal', value: 1000 },
    { host: 'cart-3', at: T0, field: 'memFree', value: 2000 },
    { host: 'cart-3', at: T0, field: 'load1', value: -1 },
  ]
  expect(samplesOf(gatherSnapshots(readings, 0), new Map(), null)).toEqual({
    series: [{ at: T0, memTotal: 1000 }],
    counted: [],
    refused: 2,
  })
})

describe('snapshots', () => {
  const level = (at: number, field: 'memFree' | 'load1', value: number): Reading => ({
    host: 'cart-3',
    at,
    field,
    value,
  })

  test('plugins of one interval are one instant, of two intervals two', () => {
    const readings = [level(T0, 'memFree', 1), level(T0 + 2, 'load1', 2), level(T0 + 900, 'memFree', 3)]
    expect(gatherSnapshots(readings, 1_000).map(({ at, readings }) => [at, readings.length])).toEqual([
      [T0, 2],
      [T0 + 900, 1],
    ])
  })

  test('without tolerance every time is its own', () => {
    expect(gatherSnapshots([level(T0 + 1, 'load1', 2), level(T0, 'memFree', 1)], 0).map(({ at }) => at)).toEqual([
      T0,
      T0 + 1,
    ])
  })
})
