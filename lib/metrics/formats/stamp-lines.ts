import type { CalendarDate, PrintedInstant, TimeOfDay } from '@/lib/metrics/formats/clock'
import { findClearDate, fullYear, withLatinDigits } from '@/lib/metrics/formats/stamps'

const LONGEST_STAMP = 100
/** Weekdays and a word or two ("Date:"), but no row of a table. */
const MOST_WORDS_BESIDE = 4

// Most lines of a file are none: two numbers beside each other, or one long enough for seconds since 1970.
const HAS_PARTS = /\d[-:./T_ ]\d|[^\x00-\x7f]|1\d{9}/

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2}(?:[.,]\d+)?)\s*(Z|[+-]\d{2}:?\d{2}|[A-Z]{2,5}|[+-]\d{2})?$/
// "20261124-024146" · "20261124 02:41:46" · "2026-11-24_02-41-46" · "2026.11.24-02.41.46"
const COMPACT = /^(\d{4})[-._]?(\d{2})[-._]?(\d{2})[-_ T.](\d{2})[-:._]?(\d{2})[-:._]?(\d{2}(?:\.\d+)?)(Z?)$/
// "11/24/2026" · "24-11-26"
const SWAPPABLE = /(?<!\d)(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/

/**
 * A line that holds nothing but an instant, as scripts and `watch` print it before a tool's output: `date` in any
 * language, `date -Is`, `date +%s`, "[24/11/2026 02:41:46]", OSWatcher's "zzz ***…". Null for any other line.
 */
export function parseStampLine(line: string): PrintedInstant | null {
  // Looking for the end of a run of blanks takes the square of a line's length.
  if (line.length > LONGEST_STAMP && !line.startsWith('Every ')) return null
  if (!HAS_PARTS.test(line)) return null
  const text = withLatinDigits(bare(line))
  if (text.length < 8 || text.length > 64) return null
  if (/^1\d{9}(\.\d+)?$/.test(text)) return { epoch: Math.round(Number(text) * 1000) }
  const plain = ISO.exec(text) ?? COMPACT.exec(text)
  if (plain) {
    const [, year, month, day, hour, minute, second = '', zone] = plain
    return {
      date: { year: Number(year), month: Number(month), day: Number(day) },
      time: { hour: Number(hour), minute: Number(minute), second: Number(second.replace(',', '.')) },
      zone: zone || null,
    }
  }
  return readWords(text)
}

/** What a line is framed with and called by: "=== … ===", "[…]", "Timestamp: …", the first line of `watch`. */
function bare(line: string): string {
  const watched = /^Every \d+[.,]\d+s: .*: (\S.{15,50})$/.exec(line.slice(0, 500))?.[1]
  return (watched ?? line)
    .replace(/^(?:[\s#=*>|([{"-]|zzz)+/, '')
    .replace(/^[A-Za-z][A-Za-z _]{0,18}[:=] */, '')
    .replace(/[\s#=*<|:)\]}"-]+$/, '')
}

const ZONE = /^[ ,]*(?:\(?(Z|UTC|[A-Z]{2,5}|[+-]\d{2}(?::?\d{2})?)\)?(?![\p{L}\d]))/u
const ZONE_BEFORE = /(?:^|\s)([A-Z]{3,4}|[+-]\d{4})\s*$/

/** A date, a time and a zone between words, in any order. */
function readWords(text: string): PrintedInstant | null {
  const clear = findClearDate(text)
  const swappable = clear ? null : SWAPPABLE.exec(text)
  if (clear || swappable) {
    const rest = clear ? clear.rest : text.replace(SWAPPABLE, ' ')
    const found = findTime(rest)
    if (!found || !areWords(found.rest)) return null
    const { time, zone, is12Hour } = found
    return clear ? { date: clear.date, time, zone } : swappable && readSwappable(swappable, { time, zone, is12Hour })
  }
  // The year comes last, behind the time: "Tue Nov 24 02:41:46 UTC 2026".
  const found = findTime(text)
  const late = found && findClearDate(found.rest.replace(/ +/g, ' '))
  return found && late && areWords(late.rest) ? { date: late.date, time: found.time, zone: found.zone } : null
}

function readSwappable(
  [, first = '', separator, second = '', yearText = '']: RegExpExecArray,
  { time, zone, is12Hour }: { time: TimeOfDay; zone: string | null; is12Hour: boolean },
): PrintedInstant | null {
  const year = fullYear(yearText)
  const monthFirst: CalendarDate = { year, month: Number(first), day: Number(second) }
  const dayFirst: CalendarDate = { year, month: Number(second), day: Number(first) }
  // Nobody writes 11-24-2026.
  if (monthFirst.month > 12 || separator === '-') return { date: dayFirst, time, zone }
  if (monthFirst.day > 12 || monthFirst.day === monthFirst.month) return { date: monthFirst, time, zone }
  return { dates: { monthFirst, dayFirst }, is12Hour, time, zone }
}

interface TimeInText {
  time: TimeOfDay
  zone: string | null
  is12Hour: boolean
  rest: string
}

const BEFORE_NOON = /^(?:上午|午前|오전|am|a\.m\.)$/i
const AFTER_NOON = /^(?:下午|午後|오후|pm|p\.m\.)$/i
const HALF_OF_DAY = String.raw`上午|下午|午前|午後|오전|오후|[AaPp]\.?[Mm]\.?`

// "02:41:46.5 AM" · "02:41" · "下午 02时41分46秒" · "kl. 02.41" · bytes of another encoding between the numbers
const TIMES = [
  String.raw`(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?(?![\d:])`,
  String.raw`(?<!\d)(\d{1,2})[^\x00-\x7f]{1,4} ?(\d{2})[^\x00-\x7f]{1,4} ?(\d{2})[^\x00-\x7f\s]{0,4}`,
  String.raw`(?:kl\.?|klokken) ?(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?(?!\d)`,
  String.raw`(?<![\d.])(\d{2})\.(\d{2})\.(\d{2})(?![\d.])`,
].map((clock) => new RegExp(String.raw`(?:(${HALF_OF_DAY})\s*)?${clock}(?:[\s\u202f]*(${HALF_OF_DAY})(?!\p{L}))?`, 'u'))

function findTime(text: string): TimeInText | null {
  for (const pattern of TIMES) {
    const found = pattern.exec(text)
    if (!found) continue
    const [whole, before, hours, minute, second = '0', after] = found
    const half = before ?? after ?? ''
    const is12Hour = BEFORE_NOON.test(half) || AFTER_NOON.test(half)
    const hour = is12Hour ? (Number(hours) % 12) + (AFTER_NOON.test(half) ? 12 : 0) : Number(hours)
    const seconds = Number(second.replace(',', '.'))
    if (hour > 23 || Number(minute) > 59 || seconds >= 61) continue
    const left = text.slice(0, found.index)
    const right = text.slice(found.index + whole.length)
    const behind = ZONE.exec(right)
    const infront = behind ? null : ZONE_BEFORE.exec(left)
    return {
      time: { hour, minute: Number(minute), second: seconds },
      zone: behind?.[1] ?? infront?.[1] ?? null,
      is12Hour,
      rest: `${infront ? left.slice(0, infront.index) : left} ${behind ? right.slice(behind[0].length) : right}`,
    }
  }
  return null
}

function areWords(rest: string): boolean {
  return !/[\d/\\_=|%]/.test(rest) && rest.split(/[\s,.;()]+/).filter((word) => word !== '').length <= MOST_WORDS_BESIDE
}

const CLOCK = String.raw`\d{2}:\d{2}:\d{2}(?:[.,]\d+)?`
// "2026-11-24 02:41:46 …" · "[24/11/2026 02:41:46] …" · "Tue Nov 24 02:41:46 UTC 2026 …" · "1795488106 …"
const PREFIXES = [
  String.raw`\d{4}[-/.]?\d{2}[-/.]?\d{2}[T _-]${CLOCK}(?:Z| ?[+-]\d{2}:?\d{2}| [A-Z]{3,4}(?=[\s\]]))?`,
  String.raw`\p{L}{2,4}\.?,? \p{L}{3,4}\.? +\d{1,2} ${CLOCK}(?: [AP]M)?(?: [A-Z]{3,5}| [+-]\d{2,4})? \d{4}`,
  String.raw`\p{L}{2,4}\.?,? \d{1,2}\.? \p{L}{3,4}\.? \d{4},? ${CLOCK}(?: [AP]M)?(?: [A-Z]{3,5}| [+-]\d{2,4})?`,
  String.raw`\d{1,2}[/.-]\d{1,2}[/.-]\d{4},? ${CLOCK}(?: [AP]M)?`,
  String.raw`1\d{9}(?:\.\d+)?`,
].map((stamp) => new RegExp(String.raw`^[\[(]?(${stamp})[\])]?(?:[:|,;]|(?=\s|$))`, 'u'))

// What every one of them has: files of a million lines without an instant must not try each.
const HAS_INSTANT = /:\d\d:|^[[(]?1\d{9}/

export interface StampedLine {
  stamp: PrintedInstant | null
  /** The line without its instant. */
  text: string
}

/**
 * A line that a script has put an instant before ("… | while read line; do echo "$(date +'%F %T') $line"; done", `ts`).
 * Without one the line comes back as it is.
 */
export function splitStamp(line: string): StampedLine {
  if (!HAS_INSTANT.test(line.slice(0, LONGEST_STAMP))) return { stamp: null, text: line }
  for (const pattern of PREFIXES) {
    const found = pattern.exec(line)
    const stamp = found && parseStampLine(found[1] ?? '')
    if (stamp) return { stamp, text: line.slice(found[0].length).replace(/^[|,;-]? (?=\S)/, '') }
  }
  return { stamp: null, text: line }
}
