import type { CalendarDate, LocalClock } from '@/lib/metrics/formats/clock'
import type { SourceHints } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

/** "03/04/2026": two dates, and which of them is meant is told by other things. */
export interface SwappableDate {
  monthFirst: CalendarDate
  dayFirst: CalendarDate
}

export interface ChosenDate {
  date: CalendarDate
  why: string
  isEvidenced: boolean
}

const NOON = { hour: 12, minute: 0, second: 0 }
const DAY_MS = 86_400_000

/**
 * Chooses between month/day and day/month: by the file's name (`sar24`), by what lies in the future or on the day the
 * file was written, by the clock (12 hours: United States) and the decimal comma, in this order.
 */
export function chooseOrder(
  { monthFirst, dayFirst }: SwappableDate,
  evidence: { has12HourClock: boolean; hasDecimalComma: boolean },
  hints: SourceHints,
  toEpoch: LocalClock['toEpoch'],
): ChosenDate {
  // sysstat writes one file a day and names it after the day of the month.
  const named = /(?:^|[^a-z])sar?(\d{2})(?!\d)/i.exec(hints.name)
  if (named && Number(named[1]) === monthFirst.day)
    return { date: monthFirst, why: 'the file name has the day', isEvidenced: true }
  if (named && Number(named[1]) === dayFirst.day)
    return { date: dayFirst, why: 'the file name has the day', isEvidenced: true }
  const anchor = hints.modifiedAt ?? hints.receivedAt
  if (anchor !== null) {
    const asMonthFirst = daysBefore(anchor, monthFirst, toEpoch)
    const asDayFirst = daysBefore(anchor, dayFirst, toEpoch)
    if (asMonthFirst === null && asDayFirst !== null)
      return { date: dayFirst, why: 'the other order lies in the future', isEvidenced: true }
    if (asDayFirst === null && asMonthFirst !== null)
      return { date: monthFirst, why: 'the other order lies in the future', isEvidenced: true }
    if (
      hints.modifiedAt !== null &&
      asMonthFirst !== null &&
      asDayFirst !== null &&
      Math.min(asMonthFirst, asDayFirst) <= 2
    )
      return {
        date: asMonthFirst <= asDayFirst ? monthFirst : dayFirst,
        why: 'the file was written then',
        isEvidenced: true,
      }
  }
  if (evidence.has12HourClock) return { date: monthFirst, why: '12-hour times, so month first', isEvidenced: true }
  if (evidence.hasDecimalComma) return { date: dayFirst, why: 'decimal commas, so day first', isEvidenced: true }
  return { date: monthFirst, why: 'read as month/day', isEvidenced: false }
}

/** Days between a date and a later instant; null when the date lies after it. */
function daysBefore(anchor: EpochMs, date: CalendarDate, toEpoch: LocalClock['toEpoch']): number | null {
  const noon = toEpoch(date, NOON, null)
  if (noon === null || noon > anchor + DAY_MS) return null
  return Math.floor(Math.abs(anchor - noon) / DAY_MS)
}

/** "2026-11-24", as assumptions name a date. */
export function isoDate({ year, month, day }: CalendarDate): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
