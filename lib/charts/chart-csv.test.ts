import { expect, test } from 'vitest'
import { chartCsv, csvCell } from '@/lib/charts/chart-csv'
import { type ChartData, chartModel } from '@/lib/charts/chart-model'
import { NO_EVIDENCE } from '@/lib/charts/gap-reasons'
import { NO_SUBJECT } from '@/lib/charts/lines-panels'

function csv(data: Partial<ChartData>): string[] {
  const model = chartModel({
    data: { samples: [], extremes: null, gaps: null, processes: null, cgroups: null, areListsLeftOut: false, ...data },
    subject: NO_SUBJECT,
    evidence: NO_EVIDENCE,
    range: { from: 0, to: 60_000 },
    zone: 'Asia/Tokyo',
    band: null,
    lanes: [],
    reports: [],
    readAt: 0,
    now: null,
  })
  return chartCsv(model).split('\r\n')
}

test('a row is an instant in UTC, and what was not measured is an empty cell', () => {
  const samples = [
    { at: 0, memAvailable: 4096, psiMemSomeAvg10: 1.5 },
    { at: 10_000, memAvailable: 2048, psiMemSomeAvg10: null },
    { at: 20_000, memAvailable: 1024, psiMemSomeAvg10: 3 },
  ]
  expect(csv({ samples })).toEqual([
    'time,Memory: MemAvailable (bytes),Pressure: Some (%)',
    '1970-01-01T00:00:00.000Z,4096,1.5',
    '1970-01-01T00:00:10.000Z,2048,',
    '1970-01-01T00:00:20.000Z,1024,3',
    '',
  ])
})

test('a row that stands for several samples tells both ends', () => {
  const told = (memAvailable: number) => [{ at: 30_000, memAvailable }]
  expect(csv({ samples: told(5), extremes: { least: told(2), greatest: told(9) }, gaps: [] })).toEqual([
    'time,Memory: MemAvailable (bytes),"Memory: MemAvailable, least (bytes)","Memory: MemAvailable, greatest (bytes)"',
    '1970-01-01T00:00:30.000Z,5,2,9',
    '',
  ])
})

test('no name becomes a formula', () => {
  const process = { pid: 7, comm: '=HYPERLINK("x")', peak: 1, rss: [1], swap: [null] }
  const processes = { from: 0, to: 10, bucketMs: 10, at: [0], processes: [process] }
  expect(csv({ processes })[0]).toBe('time,"Largest processes: =HYPERLINK(""x"") 7 (bytes)"')
  expect(['=1+1', '+1', '-1', '@a', '\tb', '\rc', '\nd'].map(csvCell)).toEqual([
    "'=1+1",
    "'+1",
    "'-1",
    "'@a",
    "'\tb",
    `"'\rc"`,
    `"'\nd"`,
  ])
})
