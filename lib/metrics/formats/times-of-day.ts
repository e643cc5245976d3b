import {
  addDays,
  type CalendarDate,
  createDayCount,
  type LocalClock,
  secondsOfDay,
  type TimeOfDay,
} from '@/lib/metrics/formats/clock'
import type { Draft, RowTime } from '@/lib/metrics/formats/draft'
import type { SourceHints } from '@/lib/source'

/** A time that a tool printed without its date. */
export interface PrintedTime {
  time: TimeOfDay
  zone: string | null
  /** As printed, without fraction and zone. */
  text: string
}

const MINUTE_MS = 60_000

/**
 * Instants of rows that carry a time of day and no date, in file order: the last row is taken as the last such time
 * before the file was written or arrived, the others as the days before it. Without either they stay undated.
 */
export function placeTimesOfDay(times: PrintedTime[], hints: SourceHints, clock: LocalClock, draft: Draft): RowTime[] {
  const countDays = createDayCount()
  const placed = times.map((printed) => ({ ...printed, days: countDays(printed.time) }))
  const last = placed.at(-1)
  const first = last ? firstDay(last, hints, clock, draft) : null
  return placed.map(({ days, time, zone, text }) => ({
    at: first && clock.toEpoch(addDays(first, days), time, zone),
    key: String(days * 86_400 + secondsOfDay(time)),
    timeText: text,
  }))
}

/** Null when neither the file's time nor its arrival is known; recorded as an assumption otherwise. */
function firstDay(
  last: PrintedTime & { days: number },
  hints: SourceHints,
  clock: LocalClock,
  draft: Draft,
): CalendarDate | null {
  const anchor = hints.modifiedAt ?? hints.receivedAt
  if (anchor === null) return null
  const utc = new Date(anchor)
  const today = { year: utc.getUTCFullYear(), month: utc.getUTCMonth() + 1, day: utc.getUTCDate() }
  for (const shift of [1, 0, -1]) {
    const date = addDays(today, shift)
    const at = clock.toEpoch(date, last.time, last.zone)
    if (at === null || at > anchor + MINUTE_MS) continue
    draft.assume({
      what: 'date',
      value: `${date.year}-${String(date.month).padStart(2, '0')}-${String(date.day).padStart(2, '0')}`,
      why: `no date in the text: when ${hints.modifiedAt === null ? 'it arrived' : 'the file was written'}`,
      isEvidenced: false,
    })
    return addDays(date, -last.days)
  }
  return null
}
