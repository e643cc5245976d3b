import { expect, test } from 'vitest'
import { layoutCompactRuler, layoutRuler, layoutSmallRuler } from '@/lib/charts/ruler'

const at = (hour: number, minute: number, second: number) => Date.UTC(2007, 10, 2, hour, minute, second)
const MAIL = {
  marks: [
    { id: '0', at: at(14, 11, 2), name: 'mysqld', detail: '22073', isSelected: true },
    { id: '1', at: at(14, 55, 51), name: 'httpd', detail: '23485', isSelected: false },
    { id: '2', at: at(14, 55, 52), name: 'httpd', detail: '23471', isSelected: false },
    { id: '3', at: at(17, 6, 25), name: 'smtp', detail: '23726', isSelected: false },
  ],
  reports: [{ from: at(14, 8, 46), to: at(14, 11, 2) }],
  zone: 'UTC',
}

test('an incident on one line names its bursts, the quiet between them and the slow report', () => {
  const ruler = layoutRuler(MAIL, 1360)
  expect(ruler.bursts.map((burst) => [burst.label?.name, burst.label?.detail, burst.count])).toEqual([
    ['mysqld', '22073 at 14:11:02', 1],
    ['httpd ×2', 'at 14:55:51 and :52', 1],
    ['smtp', '23726 at 17:06:25', 1],
  ])
  expect(ruler.quiet.map((quiet) => quiet.label)).toEqual(['44\u00a0min 49\u00a0s', '2\u00a0h 10\u00a0min'])
  expect(ruler.spans.map((span) => span.label)).toEqual(['report, 136\u00a0s'])
  expect(ruler.summary).toBe('mysqld 22073 at 14:11:02; httpd ×2 at 14:55:51 and :52; smtp 23726 at 17:06:25')
})

test('on a phone the names stand above the marks and the last one ends at the edge', () => {
  const ruler = layoutCompactRuler(MAIL, 358)
  expect(ruler.bursts.map((burst) => burst.label?.name)).toEqual(['mysqld', 'httpd ×2', 'smtp'])
  expect(ruler.spans[0]?.label).toBeNull()
})

test('a single kill is drawn in the middle of a minute', () => {
  const ruler = layoutSmallRuler([at(3, 0, 0)], 'UTC', 320)
  expect(ruler.bursts).toEqual([{ x: 160, count: 1 }])
})

test('a pause is measured between kills, not between the marks that stand for several', () => {
  const marks = Array.from({ length: 40 }, (_, index) => ({
    id: String(index),
    at: at(3, 0, 0) + index * 47_000,
    name: 'python3',
    detail: String(1000 + index),
    isSelected: false,
  }))
  expect(layoutRuler({ marks, reports: [], zone: 'UTC' }, 1360).quiet).toEqual([])
})

test('a small ruler shows a long row of kills as a row, and nothing at all without times', () => {
  const kills = Array.from({ length: 60 }, (_, index) => at(3, 0, 0) + index * 60_000)
  expect(layoutSmallRuler(kills, 'UTC', 320).bursts.length).toBeGreaterThan(25)
  expect(layoutSmallRuler([], 'UTC', 320)).toEqual({ width: 320, ticks: [], bursts: [] })
})
