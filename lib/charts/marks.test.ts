import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventTexts, killTexts, type Mark, mergeMarks, pillText, placeLabels, textWidth } from '@/lib/charts/marks'

const at = (hour: number, minute: number, second: number) => Date.UTC(2007, 10, 2, hour, minute, second)
const mark = (id: string, time: number, name: string): Mark => ({ id, at: time, name, detail: id, isSelected: false })
const KILLS = [
  mark('22073', at(14, 11, 2), 'mysqld'),
  mark('23485', at(14, 55, 51), 'httpd'),
  mark('23471', at(14, 55, 52), 'httpd'),
  mark('23726', at(17, 6, 25), 'smtp'),
]
const KILLS_TEXT = { fontSize: 11, maxRows: 3, texts: killTexts }
const RANGE = { from: at(11, 0, 0), to: at(18, 0, 0) }

test('kills less than 24 px apart become one pill with a count', () => {
  const pills = mergeMarks(KILLS, RANGE, 1064)
  expect(pills.map((pill) => pill.marks.length)).toEqual([1, 2, 1])
  expect(pillText(pills[1]?.marks ?? [])).toEqual({ name: 'httpd', detail: '23485, 23471' })
})

test('marks outside the range are not drawn at its edge', () => {
  expect(mergeMarks(KILLS, { from: at(16, 0, 0), to: at(18, 0, 0) }, 1064)).toHaveLength(1)
})

test('a wide plot holds all labels in one row, a phone needs two', () => {
  const wide = placeLabels(mergeMarks(KILLS, RANGE, 1064), 1064, KILLS_TEXT)
  expect(wide.map((pill) => [pill.row, pill.label?.name, pill.label?.detail])).toEqual([
    [0, 'mysqld', '22073'],
    [0, 'httpd', '23485, 23471'],
    [0, 'smtp', '23726'],
  ])
  const phone = placeLabels(mergeMarks(KILLS, RANGE, 320), 320, { ...KILLS_TEXT, maxRows: 2 })
  expect(phone.every((pill) => pill.label !== null)).toBe(true)
  expect(phone.some((pill) => pill.row === 1)).toBe(true)
})

test('near the right edge a label stands left of its mark', () => {
  const [pill] = placeLabels(mergeMarks([mark('1', 990, 'postgres')], { from: 0, to: 1000 }, 600), 600, {
    ...KILLS_TEXT,
    maxRows: 1,
  })
  expect(pill?.label?.anchor).toBe('end')
})

test('signs that are one mark are named where they differ, and counted where they do not', () => {
  const sign = (time: number, detail: string): Mark => ({
    id: String(time),
    at: time,
    name: '',
    detail,
    isSelected: false,
  })
  const text = (...details: string[]) => eventTexts(details.map((detail, index) => sign(index, detail)))[0]?.detail
  expect(text('tight')).toBe('tight')
  expect(text('hung task', 'hung task', 'hung task')).toBe('3 × hung task')
  expect(text('tight', 'critical')).toBe('tight, critical')
  expect(text('watch', 'tight', 'critical')).toBe('watch +2')
})

test.each([
  ['kills', killTexts, 3],
  ['signs', eventTexts, 1],
] as const)('labels of one row of %s never meet, and none leaves the plot', (_, texts, maxRows) => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.string({ minLength: 1, maxLength: 15 })), {
        maxLength: 40,
      }),
      fc.integer({ min: 300, max: 1400 }),
      (kills, width) => {
        const marks = kills.map(([time, name], index) => mark(String(index), time, name)).sort((a, b) => a.at - b.at)
        const placed = placeLabels(mergeMarks(marks, { from: 0, to: 1000 }, width), width, {
          fontSize: 11,
          maxRows,
          texts,
        })
        const boxes = placed.flatMap(({ label, row }) => {
          if (!label) return []
          const length = textWidth(label.name, 12) + (label.detail ? 6 + textWidth(label.detail, 11) : 0)
          return [{ row, from: label.anchor === 'start' ? label.x : label.x - length, length }]
        })
        for (const box of boxes) {
          expect(box.from).toBeGreaterThanOrEqual(0)
          expect(box.from + box.length).toBeLessThanOrEqual(width)
          const clashes = boxes.filter(
            (other) =>
              other !== box &&
              other.row === box.row &&
              box.from < other.from + other.length &&
              other.from < box.from + box.length,
          )
          expect(clashes).toEqual([])
        }
      },
    ),
    { seed: 20071102 },
  )
})
