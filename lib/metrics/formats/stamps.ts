import type { CalendarDate, TimeOfDay } from '@/lib/metrics/formats/clock'
import { parseMonth } from '@/lib/metrics/formats/months'

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

/** A date that can be read in one way only: year first, month by name, or separated by dots. */
export function parseClearDate(text: string): CalendarDate | null {
  return findClearDate(text)?.date ?? null
}

export interface FoundDate {
  date: CalendarDate
  /** The text without the date. */
  rest: string
}

// Of each: pattern, then the places of year, month and day in it.
const CLEAR_DATES: [RegExp, number, number, number][] = [
  // "2026-11-24" · "2026/11/24" · "2026年11月24日" · "2026년 11월 24일"
  [/(?<!\d)(\d{4})(?:[-/.]|[^\x00-\x7f]{1,4}) ?(\d{1,2})(?:[-/.]|[^\x00-\x7f]{1,4}) ?(\d{1,2})(?!\d)日?일?/g, 1, 2, 3],
  // "24.11.2026" · "24. 11. 26"
  [/(?<!\d)(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})(?!\d)/g, 3, 2, 1],
  // "24 Nov 2026" · "24-NOV-2026" · "24. November 2026" · "24 de novembro de 2026" · "24-лис-2026"
  [/(?<!\d)(\d{1,2})\.?[ -](?:de )?(\p{L}{3,})[.,]?[ -](?:de )?(\d{4})(?!\d)/gu, 3, 2, 1],
  // "Nov 24, 2026"
  [/(\p{L}{3,})\.? (\d{1,2})\.?,? (\d{4})(?!\d)/gu, 3, 1, 2],
  // "2026. nov. 24."
  [/(?<!\d)(\d{4})\.? (\p{L}{3,})\.? (\d{1,2})(?!\d)\.?/gu, 1, 2, 3],
  // "24 Tháng 11 năm 2026"
  [/(?<!\d)(\d{1,2}) [Tt]háng (\d{1,2}) [Nn]ăm (\d{4})/gu, 3, 2, 1],
]

/** The date of `parseClearDate` and the text around it. */
export function findClearDate(text: string): FoundDate | null {
  for (const [pattern, year, month, day] of CLEAR_DATES)
    for (const match of text.matchAll(pattern)) {
      const date = toDate(match[year], match[month], match[day])
      if (date) return { date, rest: `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}` }
    }
  return null
}

function toDate(year = '', month = '', day = ''): CalendarDate | null {
  const named = /^\d+$/.test(month) ? Number(month) : (parseMonth(month) ?? 0)
  const date = { year: fullYear(year), month: named, day: Number(day) }
  return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31 ? date : null
}

/** Two-digit years count from 1990: no tool read here is older. */
export function fullYear(digits: string): number {
  const year = Number(digits)
  // Thailand counts from 543 before the common era.
  if (digits.length > 2) return year >= 2400 && year < 2700 ? year - 543 : year
  return year < 90 ? 2000 + year : 1900 + year
}
