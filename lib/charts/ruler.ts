import { formatClock } from '@/lib/charts/clock'
import {
  killTexts,
  type Mark,
  mergeMarks,
  type PlacedLabel,
  pillText,
  placeLabels,
  textWidth,
} from '@/lib/charts/marks'
import { type TimeRange, timeTicks, widen, xOf } from '@/lib/charts/time-scale'
import { type EpochMs, formatDuration } from '@/lib/units'

/** An incident on one line: bursts of kills, the quiet between them, and how long its reports took to write. */
export interface RulerInput {
  /** Ascending by `at`. */
  marks: Mark[]
  reports: TimeRange[]
  zone: string
}

export interface RulerLayout {
  width: number
  ticks: { x: number; label: string | null }[]
  bursts: { x: number; count: number; isSelected: boolean; label: PlacedLabel | null }[]
  /** Quiet between bursts; the label is null where the line is too short to carry it. */
  quiet: { from: number; to: number; label: string | null }[]
  spans: { from: number; to: number; label: string | null }[]
  /** The whole ruler in words. */
  summary: string
}

const FONT = 11
/** Marks of a small ruler are 9 px wide. */
const SMALL_MARK_PX = 6
const LEAST_RANGE_MS = 60_000
/** A report written within this time is a mark of its kill, not a span of its own. */
const LEAST_SPAN_MS = 2_000

export function layoutRuler(input: RulerInput, width: number): RulerLayout {
  const range = rulerRange(input)
  const pills = mergeMarks(input.marks, range, width)
  const placed = placeLabels(
    pills.map((pill) => ({ ...pill, marks: namedByTime(pill.marks, input.zone) })),
    width,
    { fontSize: FONT, maxRows: 1, texts: killTexts },
  )
  return {
    ...lines(input, range, width),
    bursts: placed.map(({ x, marks, isSelected, label }) => ({ x, count: marks.length, isSelected, label })),
  }
}

/** The same for a phone: names only, above their marks. */
export function layoutCompactRuler(input: RulerInput, width: number): RulerLayout {
  const range = rulerRange(input)
  let end = 0
  const bursts = mergeMarks(input.marks, range, width).map(({ x, marks, isSelected }) => {
    const { name } = pillText(marks)
    const text = marks.length > 1 && !name.includes(',') ? `${name} ×${marks.length}` : name
    const length = textWidth(text, FONT + 1.5)
    const isAtEdge = x - 6 + length > width
    const from = isAtEdge ? x + 6 - length : x - 6
    const fits = from >= end && from >= 0
    if (fits) end = from + length + 8
    const label: PlacedLabel = {
      name: text,
      detail: '',
      anchor: isAtEdge ? 'end' : 'start',
      x: isAtEdge ? x + 6 : x - 6,
    }
    return { x, count: marks.length, isSelected, label: fits ? label : null }
  })
  return { ...lines(input, range, width), bursts }
}

/** For lists: bursts and ticks only. */
export function layoutSmallRuler(times: readonly EpochMs[], zone: string, width: number) {
  const marks = times.map((at, index) => ({ id: String(index), at, name: '', detail: '', isSelected: false }))
  const range = rulerRange({ marks, reports: [], zone })
  return {
    width,
    ticks: times.length === 0 ? [] : timeTicks(range, zone, width, 60).map((tick) => xOf(tick.at, range, width)),
    bursts: mergeMarks(marks, range, width, SMALL_MARK_PX, SMALL_MARK_PX).map((pill) => ({
      x: pill.x,
      count: pill.marks.length,
    })),
  }
}

function rulerRange({ marks, reports }: RulerInput): TimeRange {
  const instants = [...marks.map((mark) => mark.at), ...reports.flatMap((report) => [report.from, report.to])]
  if (instants.length === 0) return { from: 0, to: LEAST_RANGE_MS }
  return widen({ from: least(instants), to: greatest(instants) }, 0.1, LEAST_RANGE_MS)
}

function lines(input: RulerInput, range: TimeRange, width: number): Omit<RulerLayout, 'bursts'> {
  const pills = mergeMarks(input.marks, range, width)
  const quiet = pills.slice(1).flatMap((pill, index) => {
    const before = pills[index]
    const start = before?.marks.at(-1)
    const end = pill.marks[0]
    if (!before || !start || !end || pill.firstX - before.lastX < 34) return []
    const label = formatDuration(end.at - start.at)
    const room = pill.firstX - before.lastX - 14 - 16
    return [{ from: before.lastX + 7, to: pill.firstX - 7, label: textWidth(label, FONT) <= room ? label : null }]
  })
  const spans = input.reports
    .filter((report) => report.to - report.from >= LEAST_SPAN_MS)
    .map((report) => {
      const from = xOf(report.from, range, width)
      const label = `report, ${formatDuration(report.to - report.from)}`
      const isFree =
        textWidth(label, FONT) + 10 < from &&
        !pills.some((pill) => pill.x < from && pill.x > from - textWidth(label, FONT) - 20)
      return { from, to: Math.max(xOf(report.to, range, width), from + 2), label: isFree && width > 700 ? label : null }
    })
  return {
    width,
    ticks: timeTicks(range, input.zone, width).map((tick) => ({ x: xOf(tick.at, range, width), label: tick.label })),
    quiet,
    spans,
    summary: pills.map((pill) => summaryOf(pill.marks, input.zone)).join('; '),
  }
}

/** "httpd ×2" "at 14:55:51 and :52", "mysqld" "22073 at 14:11:02". */
function namedByTime(marks: readonly Mark[], zone: string): Mark[] {
  const first = marks[0]
  const last = marks.at(-1)
  if (!first || !last) return []
  const start = formatClock(first.at, zone)
  if (marks.length === 1) return [{ ...first, detail: `${first.detail} at ${start}`.trim() }]
  const { name } = pillText(marks)
  const end = formatClock(last.at, zone)
  const close = end.slice(0, 5) === start.slice(0, 5) ? end.slice(5) : end
  const detail = end === start ? `at ${start}` : `at ${start} ${marks.length === 2 ? 'and' : 'to'} ${close}`
  const title = name.includes(',') ? `${name} (${marks.length})` : `${name} ×${marks.length}`
  return [{ ...first, name: title, detail }]
}

function summaryOf(marks: readonly Mark[], zone: string): string {
  const [named] = namedByTime(marks, zone)
  return named ? `${named.name} ${named.detail}` : ''
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b))
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b))
}
