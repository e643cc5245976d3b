import { expect, test } from 'vitest'
import { type ChartInput, chartModel } from '@/lib/charts/chart-model'
import type { Series } from '@/lib/metrics/sample'

const MIB = 1024 ** 2
const RANGE = { from: 0, to: 100_000 }

function model(samples: Series) {
  const input: ChartInput = {
    samples,
    gaps: null,
    range: RANGE,
    zone: 'UTC',
    band: null,
    lanes: [],
    reports: [],
    readAt: 0,
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
  const drawn = chartModel({
    samples,
    gaps: [{ from: 41_000, to: 44_000, edge: 'inside' }],
    range: RANGE,
    zone: 'UTC',
    band: null,
    lanes: [
      {
        kind: 'reboots',
        label: 'Reboots',
        marks: [{ id: 'boot', at: 43_000, name: '', detail: 'boot', isSelected: false }],
      },
    ],
    reports: [],
    readAt: 0,
  })
  expect(drawn.memory?.gaps).toEqual([{ from: 41_000, to: 44_000, edge: 'inside', reason: 'reboot' }])
})
