import { type TimeRange, xOf } from '@/lib/charts/time-scale'
import type { EpochMs } from '@/lib/units'

/** Something that happened at an instant, to be drawn with a name: bold `name`, then `detail`. */
export interface Mark {
  id: string
  at: EpochMs
  name: string
  detail: string
  isSelected: boolean
}

/** Marks that would touch, drawn as one. */
export interface Pill {
  /** Its middle, and its first and last mark. */
  x: number
  firstX: number
  lastX: number
  marks: Mark[]
  isSelected: boolean
}

export interface PlacedLabel {
  name: string
  detail: string
  anchor: 'start' | 'end'
  /** Where the text starts or, anchored at its end, ends. */
  x: number
}

/** A pill with its label; `row` counts from the top. The label is null where there is no room for it at all. */
export interface PlacedPill extends Pill {
  row: number
  label: PlacedLabel | null
}

const MERGE_PX = 24
/** A chain of close marks is cut here, so that a pill still says where its kills were. */
const WIDEST_PILL_PX = 60
const LABEL_GAP = 2
/** Half the width of a pill, of a selected mark's ring, of a mark. */
const MARK_HALF = 15
const RING_HALF = 10
const SINGLE_HALF = 7

/** Width of text in the interface's face, estimated: no label may depend on measuring in a browser. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code > 0x2e7f) em += 1
    else if ("ilIjt.,:;|'!()[] \u00a0".includes(character)) em += 0.32
    else if (character >= 'A' && character <= 'Z') em += 0.7
    else em += 'mwMW@%'.includes(character) ? 0.88 : 0.58
  }
  return em * fontSize
}

/** Joins marks under 24 px apart, so that each can be seen, counted and clicked. Marks ascending by `at`. */
export function mergeMarks(
  marks: readonly Mark[],
  range: TimeRange,
  width: number,
  mergePx = MERGE_PX,
  widestPx = WIDEST_PILL_PX,
): Pill[] {
  const pills: { first: number; last: number; marks: Mark[] }[] = []
  for (const mark of marks) {
    if (mark.at < range.from || mark.at > range.to) continue
    const x = xOf(mark.at, range, width)
    const pill = pills.at(-1)
    if (pill && x - pill.last < mergePx && x - pill.first < widestPx) {
      pill.marks.push(mark)
      pill.last = x
    } else pills.push({ first: x, last: x, marks: [mark] })
  }
  return pills.map((pill) => ({
    x: (pill.first + pill.last) / 2,
    firstX: pill.first,
    lastX: pill.last,
    marks: pill.marks,
    isSelected: pill.marks.some((mark) => mark.isSelected),
  }))
}

/** What may stand beside a pill, the fullest first: the first that fits is taken. */
export type LabelTexts = (marks: readonly Mark[]) => { name: string; detail: string }[]

/** A kill's program and its pid, else its program alone. */
export const killTexts: LabelTexts = (marks) => {
  const full = pillText(marks)
  return full.detail ? [full, { ...full, detail: '' }] : [full]
}

/** What happened, with a count where it happened several times; else how many things happened. */
export const eventTexts: LabelTexts = (marks) => {
  const [first = '', ...others] = [...new Set(marks.map(({ detail }) => detail).filter(Boolean))]
  if (marks.length <= 1) return [{ name: '', detail: first }]
  const count = { name: '', detail: String(marks.length) }
  if (others.length === 0) return [{ name: '', detail: `${marks.length} × ${first}` }, count]
  const rest = others.length > 1 ? ` +${others.length}` : `, ${others[0]}`
  return [{ name: '', detail: `${first}${rest}` }, { name: '', detail: `${first} +${others.length}` }, count]
}

/** "httpd ×2" with "23485, 23471"; at most three names and three details, the rest as a count. */
export function pillText(marks: readonly Mark[]): { name: string; detail: string } {
  const counts = new Map<string, number>()
  for (const mark of marks) counts.set(mark.name, (counts.get(mark.name) ?? 0) + 1)
  const names = [...counts].map(([name, count]) => (count > 1 && counts.size > 1 ? `${name} ×${count}` : name))
  const more = names.length > 3 ? ` +${names.length - 3}` : ''
  const details = marks.map((mark) => mark.detail).filter(Boolean)
  return {
    name: names.slice(0, 3).join(', ') + more,
    detail: details.length > 3 ? `${details.slice(0, 2).join(', ')} …` : details.join(', '),
  }
}

/**
 * Lays the labels out in rows: each goes into the first row whose last label ends at least 2 px before; it goes left
 * of its mark where the right edge is near, is shortened where only a shorter text fits, and is left out where even
 * that meets another mark. So labels never meet.
 *
 * @param texts measured as they are drawn: nothing may be added to them
 * @param maxRows labels that do not fit into this many rows are left out; their marks stay
 */
export function placeLabels(
  pills: readonly Pill[],
  width: number,
  { fontSize, maxRows, texts }: { fontSize: number; maxRows: number; texts: LabelTexts },
): PlacedPill[] {
  const rows: { from: number; to: number }[][] = Array.from({ length: maxRows }, () => [])
  return pills.map((pill, index) => {
    const half = pill.marks.length > 1 ? MARK_HALF : pill.isSelected ? RING_HALF : SINGLE_HALF
    const others = pills.filter((_, other) => other !== index).map((other) => other.x)
    for (const { name, detail } of texts(pill.marks)) {
      const length = textWidth(name, fontSize + 1) + (detail ? 6 + textWidth(detail, fontSize) : 0)
      for (const [row, taken] of rows.entries()) {
        for (const anchor of ['start', 'end'] as const) {
          const x = anchor === 'start' ? pill.x + half + 5 : pill.x - half - 5
          const box = anchor === 'start' ? { from: x, to: x + length } : { from: x - length, to: x }
          const full = { from: Math.min(box.from, pill.x - half), to: Math.max(box.to, pill.x + half) }
          if (box.from < 0 || box.to > width) continue
          if (taken.some((other) => full.from < other.to + LABEL_GAP && other.from < full.to + LABEL_GAP)) continue
          if (others.some((other) => other + MARK_HALF > box.from && other - MARK_HALF < box.to && row === 0)) continue
          taken.push(full)
          return { ...pill, row, label: { name, detail, anchor, x } }
        }
      }
    }
    return { ...pill, row: 0, label: null }
  })
}
