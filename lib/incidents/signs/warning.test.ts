import { describe, expect, test } from 'vitest'
import { followWarnings, warningNow } from '@/lib/incidents/signs/warning'
import type { Sample, Series } from '@/lib/metrics/sample'

const MINUTE = 60_000
const START = Date.UTC(2026, 2, 2, 12)

/** One sample a minute of a machine with 100 bytes of RAM and 50 of swap. */
function series(...samples: Partial<Sample>[]): Series {
  return samples.map((known, minute) => {
    return { at: START + minute * MINUTE, memTotal: 100, memAvailable: 60, swapTotal: 50, swapFree: 50, ...known }
  })
}
const levels = (samples: Series) => followWarnings(samples).map(({ since, level }) => [(since - START) / MINUTE, level])
const CALM = {}
const TIGHT = { memAvailable: 6, swapFree: 6 }

test('two signals that agree on tight are believed at once', () => {
  expect(levels(series(CALM, CALM, TIGHT))).toEqual([
    [0, 'ok'],
    [2, 'tight'],
  ])
})

test('a weak sign is believed when the next sample says so too', () => {
  const weak = { memAvailable: 12, psiMemSomeAvg10: 12 }
  expect(levels(series(CALM, weak, CALM, CALM))).toEqual([[0, 'ok']])
  expect(levels(series(CALM, weak, weak))).toEqual([
    [0, 'ok'],
    [2, 'watch'],
  ])
})

test('it falls after five minutes that were lower, to the worst of them', () => {
  expect(levels(series(TIGHT, CALM, CALM, TIGHT, CALM, CALM, CALM, CALM, CALM, CALM, CALM))).toEqual([
    [0, 'tight'],
    [9, 'ok'],
  ])
  const low = { memAvailable: 7 }
  expect(levels(series(TIGHT, low, CALM, CALM, CALM, CALM, CALM, CALM))).toEqual([
    [0, 'tight'],
    [6, 'watch'],
  ])
})

describe('one signal alone', () => {
  test.each<[string, Partial<Sample>, string]>([
    ['hardly any memory', { memAvailable: 3 }, 'watch'],
    ['strong pressure', { psiMemSomeAvg10: 55 }, 'watch'],
    ['swap filled long ago', { swapFree: 0 }, 'ok'],
    ['reading from swap', { swapInPerSec: 32 * 1024 * 1024 }, 'ok'],
    ['more promised than there is', { committedAs: 400 }, 'ok'],
    ['stalls', { allocStallPerSec: 5_000 }, 'ok'],
  ])('%s is %s at most', (_, known, level) => {
    expect(warningNow(series(known, known, known))?.level).toBe(level)
  })

  test('and many that are no trouble by themselves stay none while memory is there', () => {
    const known = { swapFree: 0, committedAs: 400, allocStallPerSec: 5_000 }
    expect(warningNow(series(known, known))?.level).toBe('ok')
  })
})

describe('what is not told', () => {
  const at = START
  test.each<[string, Sample, string | null]>([
    [
      'without swap, available memory counts for both',
      { at, memTotal: 100, memAvailable: 3, swapTotal: 0 },
      'critical',
    ],
    ['with unknown swap it stands alone', { at, memTotal: 100, memAvailable: 3 }, 'watch'],
    [
      'without MemAvailable an upper bound stands for it',
      { at, memTotal: 100, memFree: 1, buffers: 1, cached: 8, shmem: 7, swapTotal: 50, swapFree: 1 },
      'critical',
    ],
    ['swapping in is a sign where memory is unknown', { at, swapInPerSec: 1e8, allocStallPerSec: 5_000 }, 'critical'],
    ['load alone tells nothing of memory', { at, load1: 80 }, null],
  ])('%s', (_, sample, level) => {
    expect(warningNow([sample])?.level ?? null).toBe(level)
  })
})
