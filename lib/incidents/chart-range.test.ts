import { expect, test } from 'vitest'
import { chooseChartRange } from '@/lib/incidents/chart-range'

const HOUR = 3_600_000
const INCIDENT = { from: 100 * HOUR, to: 103 * HOUR }

test('a long series shows three hours around the incident', () => {
  const measured = { from: 97 * HOUR, to: 106 * HOUR }
  expect(chooseChartRange(INCIDENT, measured, null)).toEqual({ range: { from: 97 * HOUR, to: 106 * HOUR }, span: '3h' })
})

test('without samples the incident fills the chart', () => {
  expect(chooseChartRange(INCIDENT, null, null)).toEqual({
    range: { from: 99.7 * HOUR, to: 103.3 * HOUR },
    span: 'incident',
  })
})

test('a series of two minutes around one kill is not lost in twenty', () => {
  const kill = { from: 3_600_000, to: 3_600_000 }
  const measured = { from: 3_540_000, to: 3_640_000 }
  expect(chooseChartRange(kill, measured, null).range).toEqual({ from: 3_535_000, to: 3_645_000 })
})

test('a span that was asked for is given', () => {
  expect(chooseChartRange(INCIDENT, null, '24h').range).toEqual({ from: 89.5 * HOUR, to: 113.5 * HOUR })
})
