import { expect, test } from 'vitest'
import { dstat } from '@/lib/metrics/formats/dstat'
import type { SourceHints } from '@/lib/source'

const HINTS: SourceHints = { name: 'x', host: null, zone: 'UTC', year: null, modifiedAt: null, receivedAt: null }
const HEADER = `----system---- ------memory-usage----- ----swap---
     time     | used  free  buff  cach| used  free`

function read(rows: string[], hints: Partial<SourceHints>) {
  const { samples, assumed } = dstat.parse([...HEADER.split('\n'), ...rows], { ...HINTS, ...hints })
  return { at: samples.map(({ at }) => new Date(at).toISOString()), assumed: assumed.map(({ what }) => what) }
}

test('the year that dstat leaves out is that of the file, also over a new year', () => {
  const rows = [
    '31-12 23:59:50|3466M 2748M  212M 1916M|   0     0 ',
    '01-01 00:00:00|3466M 2748M  212M 1916M|   0     0 ',
  ]
  expect(read(rows, { modifiedAt: Date.UTC(2027, 0, 1, 0, 1) })).toEqual({
    at: ['2026-12-31T23:59:50.000Z', '2027-01-01T00:00:00.000Z'],
    assumed: ['zone', 'year'],
  })
})

test('without any year the rows stay undated', () => {
  expect(read(['31-12 23:59:50|3466M 2748M  212M 1916M|   0     0 '], {}).at).toEqual([])
})
