import { type CalendarDate, createLocalClock } from '@/lib/metrics/formats/clock'
import { chooseOrder, isoDate } from '@/lib/metrics/formats/day-month'
import type { Draft } from '@/lib/metrics/formats/draft'
import { fullYear, parseClearDate, withLatinDigits } from '@/lib/metrics/formats/stamps'
import type { SourceHints } from '@/lib/source'

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
      draft.assume({ what: 'date', value: isoDate(dayFirst), why: `${text} read as day/month/year`, isEvidenced: true })
    return dayFirst
  }
  if (monthFirst.day > 12 || monthFirst.day === monthFirst.month) return monthFirst
  const { date, why, isEvidenced } = chooseOrder(
    { monthFirst, dayFirst },
    evidence,
    hints,
    createLocalClock(hints, draft).toEpoch,
  )
  draft.assume({ what: 'date', value: isoDate(date), why: `${text}: ${why}`, isEvidenced })
  return date
}
