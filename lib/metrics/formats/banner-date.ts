import { type CalendarDate, createLocalClock, type LocalClock } from '@/lib/metrics/formats/clock'
import type { Draft } from '@/lib/metrics/formats/draft'
import { fullYear, parseClearDate, withLatinDigits } from '@/lib/metrics/formats/stamps'
import type { SourceHints } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

const NOON = { hour: 12, minute: 0, second: 0 }
const DAY_MS = 86_400_000

/**
 * The date in a sar banner, printed in the reader's locale: "11/24/26", "24.11.2026", "2026年11月24日", "25/05/21".
 * Where day and month could be swapped, the file's name (`sar24`), its own date, the clock (12 hours: United States) and
 * the decimal comma decide, in this order; the choice is recorded.
 *
 * @param evidence what the rest of the file shows about its locale
 * @returns null when there is no date in the text
 */
export function readBannerDate(
  printed: string,
  evidence: { has12HourClock: boolean; hasDecimalComma: boolean },
  hints: SourceHints,
  draft: Draft,
): CalendarDate | null {
  const text = withLatinDigits(printed)
  const clear = parseClearDate(text)
  if (clear) return clear
  const slashed = /(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?!\d)/.exec(text)
  if (!slashed) return null
  const [, first = '', second = '', yearText = ''] = slashed
  // Persian dates are written year first, two digits or four.
  if (/[\u06f0-\u06f9]/.test(printed)) return { year: fullYear(first), month: Number(second), day: Number(yearText) }
  const year = fullYear(yearText)
  const monthFirst = { year, month: Number(first), day: Number(second) }
  const dayFirst = { year, month: Number(second), day: Number(first) }
  if (monthFirst.month > 12 || text.includes('-')) {
    if (monthFirst.month > 12 && yearText.length === 2)
      draft.assume({ what: 'date', value: iso(dayFirst), why: `${text} read as day/month/year`, isEvidenced: true })
    return dayFirst
  }
  if (monthFirst.day > 12 || monthFirst.day === monthFirst.month) return monthFirst
  const { date, why, isEvidenced } = chooseOrder(monthFirst, dayFirst, evidence, hints, createLocalClock(hints, draft))
  draft.assume({ what: 'date', value: iso(date), why: `${text}: ${why}`, isEvidenced })
  return date
}

function chooseOrder(
  monthFirst: CalendarDate,
  dayFirst: CalendarDate,
  evidence: { has12HourClock: boolean; hasDecimalComma: boolean },
  hints: SourceHints,
  clock: LocalClock,
): { date: CalendarDate; why: string; isEvidenced: boolean } {
  // sysstat writes one file a day and names it after the day of the month.
  const named = /(?:^|[^a-z])sar?(\d{2})(?!\d)/i.exec(hints.name)
  if (named && Number(named[1]) === monthFirst.day)
    return { date: monthFirst, why: 'the file name has the day', isEvidenced: true }
  if (named && Number(named[1]) === dayFirst.day)
    return { date: dayFirst, why: 'the file name has the day', isEvidenced: true }
  const anchor = hints.modifiedAt ?? hints.receivedAt
  if (anchor !== null) {
    const distances = [monthFirst, dayFirst].map((date) => daysBefore(anchor, date, clock))
    const [asMonthFirst = null, asDayFirst = null] = distances
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
function daysBefore(anchor: EpochMs, date: CalendarDate, clock: LocalClock): number | null {
  const noon = clock.toEpoch(date, NOON, null)
  if (noon === null || noon > anchor + DAY_MS) return null
  return Math.floor(Math.abs(anchor - noon) / DAY_MS)
}

function iso({ year, month, day }: CalendarDate): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
