import { expect, test } from 'vitest'
import { analyzeText } from '@/lib/analysis/file-reader'
import { placeLines } from '@/lib/oom/continued'

const [whole] = analyzeText('dd invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0\nMem-Info:\n', {
  name: 'a.1',
  host: 'shop',
  zone: null,
  year: null,
  modifiedAt: null,
  receivedAt: null,
}).reports
const report = whole && {
  ...whole,
  lines: { source: 'a.1', from: 41, to: 50 },
  continues: { source: 'a', from: 1, to: 8 },
}
const reports = report ? [report] : []

test.each([
  [{ source: 'a.1', from: 45, to: 45 }, [{ source: 'a.1', from: 45, to: 45 }]],
  [{ source: 'a.1', from: 53, to: 54 }, [{ source: 'a', from: 3, to: 4 }]],
  [
    { source: 'a.1', from: 49, to: 52 },
    [
      { source: 'a.1', from: 49, to: 50 },
      { source: 'a', from: 1, to: 2 },
    ],
  ],
  [{ source: 'b', from: 53, to: 53 }, [{ source: 'b', from: 53, to: 53 }]],
])('lines counted on over the end of a file are those of the next: %o', (range, expected) => {
  expect(placeLines(range, reports)).toEqual(expected)
})
