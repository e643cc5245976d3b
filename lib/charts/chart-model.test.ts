import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ChartInput, chartModel } from '@/lib/charts/chart-model'
import { NO_EVIDENCE } from '@/lib/charts/gap-reasons'
import { NO_SUBJECT } from '@/lib/charts/lines-panels'
import type { Series } from '@/lib/metrics/sample'

const MIB = 1024 ** 2
const RANGE = { from: 0, to: 100_000 }

function model(samples: Series, changes: Partial<ChartInput> = {}) {
  const input: ChartInput = {
    data: { samples, extremes: null, gaps: null, processes: null, cgroups: null, areListsLeftOut: false },
    subject: NO_SUBJECT,
    evidence: NO_EVIDENCE,
    range: RANGE,
    zone: 'UTC',
    band: null,
    lanes: [],
    reports: [],
    readAt: 0,
    now: null,
    ...changes,
  }
  return chartModel(input)
}

const every10s = (fields: object, count = 11): Series =>
  Array.from({ length: count }, (_, index) => ({ at: index * 10_000, ...fields }))

test('without samples no panel is drawn, rather than zeros', () => {
  expect(model([])).toMatchObject({ memory: null, swap: null, pressure: null, stepMs: null })
})

test('the memory panel ends at MemTotal and reads its layers from the top', () => {
  const { memory } = model(
    every10s({ memTotal: 256 * MIB, memFree: 12 * MIB, cached: 20 * MIB, memAvailable: 30 * MIB }),
  )
  expect(memory?.ceiling).toEqual({ value: 256 * MIB, label: 'MemTotal 256\u00a0MiB' })
  expect(memory?.series.map((series) => series.label)).toEqual(['Free', 'Page cache', 'Used', 'MemAvailable'])
  expect(memory?.gaps).toEqual([])
})

test('swap is drawn from its total, and a machine without swap is said to have none', () => {
  const { swap } = model(every10s({ swapTotal: 512 * MIB, swapFree: 100 * MIB, swapInPerSec: 3 * MIB }))
  expect(swap?.values.used?.[0]).toBe(412 * MIB)
  expect(swap?.series.map((series) => series.key)).toEqual(['used', 'in'])
  expect(model(every10s({ swapTotal: 0, swapFree: 0 })).swap?.note).toBe('This machine has no swap.')
})

test('pressure is PSI where told, else a substitute that says so', () => {
  const psi = model(every10s({ psiMemSomeAvg10: 60, psiMemFullAvg10: 20, majorFaultsPerSec: 900 })).pressure
  expect(psi?.series.map((series) => series.label)).toEqual(['Some', 'Full'])
  expect(psi?.references.map((reference) => reference.value)).toEqual([10, 40])
  const faults = model(every10s({ majorFaultsPerSec: 742 })).pressure
  expect(faults?.note).toContain('Stands in for PSI')
  expect(faults?.scale.max).toBe(1000)
})

test('samples of a second tool between the first one are not holes', () => {
  const memory = every10s({ memTotal: 256 * MIB, memFree: 12 * MIB, cached: 20 * MIB })
  const faults = memory.map((sample) => ({ at: sample.at + 5_000, majorFaultsPerSec: 7 }))
  const samples = [...memory, ...faults].sort((a, b) => a.at - b.at)
  const drawn = model(samples)
  expect(drawn.memory?.values.free?.every((value) => value === 12 * MIB)).toBe(true)
  expect(drawn.memory?.gaps).toEqual([])
  expect(drawn.pressure?.at).toHaveLength(10)
})

test('a gap shorter than a bucket is drawn, with the reboot in it as its reason', () => {
  const samples = every10s({ memTotal: 256 * MIB, memFree: 12 * MIB, cached: 20 * MIB })
  const gaps = [{ from: 41_000, to: 44_000, edge: 'inside' } as const]
  const drawn = model(samples, {
    data: {
      samples,
      extremes: { least: samples, greatest: samples },
      gaps,
      processes: null,
      cgroups: null,
      areListsLeftOut: false,
    },
    evidence: { ...NO_EVIDENCE, boots: [43_000] },
  })
  expect(drawn.memory?.gaps).toEqual([{ from: 41_000, to: 44_000, edge: 'inside', reason: 'rebooted' }])
})

test('what lies after now is not missing', () => {
  const samples = every10s({ memTotal: 256 * MIB, memFree: 12 * MIB, cached: 20 * MIB }, 6)
  expect(model(samples, { now: 55_000 }).memory?.gaps).toEqual([
    { from: 55_000, to: 100_000, edge: 'end', reason: 'not-yet' },
  ])
  expect(model(samples, { now: 90_000 }).memory?.gaps).toEqual([
    { from: 50_000, to: 90_000, edge: 'end', reason: null },
    { from: 90_000, to: 100_000, edge: 'end', reason: 'not-yet' },
  ])
})

test('the middle of a bucket that the range cuts is drawn at its edge', () => {
  const samples = [-5_000, 50_000, 105_000].map((at) => ({ at, memTotal: 8, memFree: 4, memAvailable: 4 }))
  const drawn = model(samples, {
    data: {
      samples,
      extremes: { least: samples, greatest: samples },
      gaps: [],
      processes: null,
      cgroups: null,
      areListsLeftOut: false,
    },
  })
  expect(drawn.memory?.at).toEqual([0, 50_000, 100_000])
})

test('the least available and the most swap drawn are those of all samples, however many', () => {
  const bytes = fc.integer({ min: 0, max: 2 ** 40 })
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, bytes), { minLength: 2, maxLength: 3_000 }), (told) => {
      const range = { from: 0, to: told.length * 1000 }
      const samples = told.map(([memAvailable, swapFree], index) => ({
        at: index * 1000,
        memTotal: 2 ** 40,
        memFree: memAvailable,
        memAvailable,
        swapTotal: 2 ** 40,
        swapFree,
      }))
      const { memory, swap } = model(samples, { range })
      const known = (column: (number | null)[] = []) => column.filter((value) => value !== null)
      const available = told.map(([value]) => value)
      expect(Math.min(...known(memory?.extremes.available?.least))).toBe(Math.min(...available))
      expect(Math.max(...known(memory?.extremes.available?.greatest))).toBe(Math.max(...available))
      const used = told.map(([, free]) => 2 ** 40 - free)
      expect(Math.min(...known(swap?.extremes.used?.least))).toBe(Math.min(...used))
      expect(Math.max(...known(swap?.extremes.used?.greatest))).toBe(Math.max(...used))
    }),
    { seed: 20071102, numRuns: 60 },
  )
})
