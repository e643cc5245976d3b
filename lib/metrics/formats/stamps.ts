import type { CalendarDate, PrintedInstant, TimeOfDay } from '@/lib/metrics/formats/clock'

const MARKERS = 'AM|PM|上午|下午|午前|午後|오전|오후|πμ|μμ|ص|م|ب\\.ظ|ق\\.ظ|पूर्वाह्न|अपराह्न'

// "10:45:01" · "09:45:00 PM" · "02:41:46 AM UTC" · "10时45分01秒" · "下午 09时45分00秒" · "10시 45분 01초" · "02.41.46"
// · "kl. 02.41 +0000" · "UTC 02:41:46 ص" · the Chinese form in GBK, read as Latin-1
const TIME = new RegExp(
  [
    String.raw`^(?:kl\. |([A-Z]{3,4}) )?`,
    String.raw`(?:(${MARKERS})\s*)?`,
    String.raw`(\d{1,2})(?:[:.h]|[^\x00-\x7f]{1,4}) ?(\d{2})`,
    String.raw`(?:(?:[:.]|[^\x00-\x7f]{1,4}) ?(\d{2}(?:\.\d+)?))?(?:[^\x00-\x7f\s]{1,4})?`,
    String.raw`(?:[\s\u202f]*(?:([AaPp])\.?\s?[Mm]\.?(?![A-Za-z])|(${MARKERS}))(?: ([A-Z]{3,4})(?=\s))?)?`,
    String.raw`(?: ([+-]\d{4})(?=\s))?(?=\s|;|$)`,
  ].join(''),
)

const AFTERNOON = new Set(['PM', '下午', '午後', '오후', 'μμ', 'م', 'ب.ظ', 'अपराह्न'])

export interface FoundTime {
  time: TimeOfDay
  /** What follows the time. */
  rest: string
  is12Hour: boolean
  /** Zone that some locales print with every time. */
  zone: string | null
}

/** A time of day at the start of a line, in the 12- or 24-hour spelling of any locale, and what follows it. */
export function parseTimeOfDay(text: string): FoundTime | null {
  const found = TIME.exec(withLatinDigits(text))
  if (!found) return null
  const [whole, zoneBefore, before, hours, minute, second = '0', letter, after, zoneAfter, offset] = found
  const marker = before ?? after ?? (letter ? `${letter.toUpperCase()}M` : null)
  let hour = Number(hours)
  if (marker) hour = (hour % 12) + (AFTERNOON.has(marker) ? 12 : 0)
  if (hour > 24 || Number(minute) > 59 || Number(second) >= 61) return null
  return {
    time: { hour, minute: Number(minute), second: Number(second) },
    rest: text.slice(whole.length),
    is12Hour: marker !== null,
    zone: zoneBefore ?? zoneAfter ?? offset ?? null,
  }
}

/** Arabic, Persian and Devanagari digits as 0 to 9; one character stays one character. */
export function withLatinDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (digit) => {
    const code = digit.charCodeAt(0)
    return String(code - (code >= 0x966 ? 0x966 : code >= 0x6f0 ? 0x6f0 : 0x660))
  })
}

const MONTHS: [RegExp, number][] = [
  [/^(jan|ene|gen|янв)/, 1],
  [/^(feb|fev|fév|фев)/, 2],
  [/^(mar|mär|mrz|maa|мар)/, 3],
  [/^(apr|avr|abr|апр)/, 4],
  [/^(may|mai|mag|maj|mei|май|мая)/, 5],
  [/^(jun|juin|giu|июн)/, 6],
  [/^(jul|juil|lug|июл)/, 7],
  [/^(aug|aou|aoû|ago|авг)/, 8],
  [/^(sep|set|сен)/, 9],
  [/^(oct|okt|out|ott|окт)/, 10],
  [/^(nov|ноя|نوف)/, 11],
  [/^(dec|dez|dic|déc|дек)/, 12],
]

/** 1 to 12 from a month's name or its abbreviation in a handful of languages. */
export function parseMonth(name: string): number | null {
  const lower = name.toLowerCase()
  return MONTHS.find(([pattern]) => pattern.test(lower))?.[1] ?? null
}

/** A date that can be read in one way only: year first, month by name, or separated by dots. */
export function parseClearDate(text: string): CalendarDate | null {
  // "2026-11-24" · "2026/11/24" · "2026年11月24日" · "2026년 11월 24일"
  const yearFirst =
    /(?<!\d)(\d{4})(?:[-/.]|[^\x00-\x7f]{1,4}) ?(\d{1,2})(?:[-/.]|[^\x00-\x7f]{1,4}) ?(\d{1,2})(?!\d)/.exec(text)
  if (yearFirst) return toDate(yearFirst[1], yearFirst[2], yearFirst[3])
  const dotted = /(?<!\d)(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})(?!\d)/.exec(text)
  if (dotted) return toDate(dotted[3], dotted[2], dotted[1])
  // "24 Nov 2026" · "24-NOV-2026" · "24. November 2026"
  const dayFirst = /(?<!\d)(\d{1,2})\.?[ -](\p{L}{3,})[.,]?[ -](\d{4})/u.exec(text)
  if (dayFirst) return toDate(dayFirst[3], String(parseMonth(dayFirst[2] ?? '') ?? 0), dayFirst[1])
  // "Nov 24, 2026"
  const monthFirst = /(\p{L}{3,})\.? (\d{1,2}),? (\d{4})/u.exec(text)
  if (monthFirst) return toDate(monthFirst[3], String(parseMonth(monthFirst[1] ?? '') ?? 0), monthFirst[2])
  return null
}

function toDate(year = '', month = '', day = ''): CalendarDate | null {
  const date = { year: fullYear(year), month: Number(month), day: Number(day) }
  return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31 ? date : null
}

/** Two-digit years count from 1990: no tool read here is older. */
export function fullYear(digits: string): number {
  const year = Number(digits)
  // Thailand counts from 543 before the common era.
  if (digits.length > 2) return year >= 2400 && year < 2700 ? year - 543 : year
  return year < 90 ? 2000 + year : 1900 + year
}

const LONGEST_STAMP = 100

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2}(?:[.,]\d+)?)\s*(Z|[+-]\d{2}:?\d{2}|[A-Z]{2,5}|[+-]\d{2})?$/
// "Tue Nov 24 02:41:46 UTC 2026" · "Di 24. Nov 02:41:46 CET 2026" · "Tue Nov 24 02:41:46 AM UTC 2026"
const DATE_COMMAND =
  /^\p{L}{2,}\.?,? +(?:(\p{L}{3,})\.? +(\d{1,2})|(\d{1,2})\.? +(\p{L}{3,})\.?),? +(\d{1,2}:\d{2}:\d{2}(?: ?[AP]M)?)(?: +([A-Z]{1,5}|[+-]\d{2,4}))? +(\d{4})$/u
// "Tue 24 Nov 2026 02:41:46 AM UTC" · "2026年 11月 24日 星期二 02:41:46 CST"
const DATE_THEN_TIME = /^(.*\D)\s*(\d{1,2}:\d{2}:\d{2}(?:\s*[AP]M)?)(?:\s+([A-Z]{1,5}|[+-]\d{2,4}))?$/u

/**
 * A line that holds nothing but an instant, as scripts print it before a tool's output: `date`, `date -Is`, `date +%s`,
 * OSWatcher's "zzz ***…". Null for any other line.
 */
export function parseStampLine(line: string): PrintedInstant | null {
  // Looking for the end of a run of blanks takes the square of a line's length.
  if (line.length > LONGEST_STAMP) return null
  const text = line.replace(/^(?:[\s#=*>-]|zzz)+/, '').replace(/[\s#=*<:-]+$/, '')
  if (text.length < 8 || text.length > 60) return null
  if (/^1\d{9}(\.\d+)?$/.test(text)) return { epoch: Math.round(Number(text) * 1000) }
  const iso = ISO.exec(text)
  if (iso) {
    const [, year, month, day, hour, minute, second = '', zone] = iso
    return {
      date: { year: Number(year), month: Number(month), day: Number(day) },
      time: { hour: Number(hour), minute: Number(minute), second: Number(second.replace(',', '.')) },
      zone: zone ?? null,
    }
  }
  const printed = DATE_COMMAND.exec(text)
  if (printed) {
    const [, name1, day1, day2, name2, clock = '', zone, year = ''] = printed
    const month = parseMonth(name1 ?? name2 ?? '')
    const time = parseTimeOfDay(clock)
    if (month && time)
      return { date: { year: Number(year), month, day: Number(day1 ?? day2) }, time: time.time, zone: zone ?? null }
  }
  const split = DATE_THEN_TIME.exec(text)
  const date = split && parseClearDate(split[1] ?? '')
  const time = split && parseTimeOfDay(split[2] ?? '')
  return date && time ? { date, time: time.time, zone: split[3] ?? null } : null
}
