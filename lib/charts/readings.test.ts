import { expect, test } from 'vitest'
import { chartModel } from '@/lib/charts/chart-model'
import { NO_EVIDENCE } from '@/lib/charts/gap-reasons'
import { NO_SUBJECT } from '@/lib/charts/lines-panels'
import { readPanel, readReport } from '@/lib/charts/readings'

const MIB = 1024 ** 2
const samples = Array.from({ length: 121 }, (_, index) => ({
  at: index * 10_000,
  memTotal: 256 * MIB,
  memFree: (100 - index / 2) * MIB,
  cached: 20 * MIB,
  memAvailable: 30 * MIB,
}))
const { memory } = chartModel({
  data: { samples, extremes: null, gaps: null, processes: null, cgroups: null, areListsLeftOut: false },
  subject: NO_SUBJECT,
  evidence: NO_EVIDENCE,
  range: { from: 0, to: 1_200_000 },
  zone: 'UTC',
  band: null,
  lanes: [],
  reports: [],
  readAt: 0,
  now: null,
})

test('a reading gives the value at the cursor and its change over ten minutes', () => {
  const [free, , , available] = memory ? readPanel(memory, 1_200_000) : []
  expect(free).toMatchObject({ label: 'Free', value: '40.0', change: '−30.0' })
  expect(available).toMatchObject({ label: 'MemAvailable', value: '30.0', change: '0.0' })
})

test('where nothing was measured the reading is a dash, and before that there is no change', () => {
  const far = memory ? readPanel(memory, 5_000_000) : []
  expect(far[0]).toMatchObject({ value: '–', change: null })
  const early = memory ? readPanel(memory, 0) : []
  expect(early[0]).toMatchObject({ value: '100.0', change: null })
})

test('rows an hour apart tell no change over ten minutes', () => {
  const hourly = memory && { ...memory, stepMs: 3_600_000, at: memory.at.map((_, index) => index * 3_600_000) }
  const read = hourly ? readPanel(hourly, 7_200_000) : []
  expect(read[0]).toMatchObject({ label: 'Free', change: null })
  expect(read[0]?.value).not.toBe('–')
})

test('a row that stands for several samples tells their span', () => {
  const available = [30 * MIB, 30 * MIB]
  const banded = memory && {
    ...memory,
    at: [0, 600_000],
    extremes: { available: { least: [12 * MIB, 30 * MIB], greatest: [31.5 * MIB, 30 * MIB] } },
    values: { ...memory.values, available },
  }
  expect(banded && readPanel(banded, 0).at(-1)).toMatchObject({ value: '30.0', span: '12.0 to 31.5' })
  expect(banded && readPanel(banded, 600_000).at(-1)).toMatchObject({ value: '30.0', span: null })
})

test("a report's own figures are read from the top of its column", () => {
  const report = {
    at: 0,
    totalName: 'RAM',
    total: 256 * MIB,
    parts: [
      { key: 'slab', label: 'Slab', bytes: 12 * MIB },
      { key: 'free', label: 'Free', bytes: 3186 * 4096 },
    ],
  }
  expect(readReport(report).map((reading) => [reading.label, reading.value])).toEqual([
    ['Free', '12.4'],
    ['Slab', '12.0'],
  ])
})
