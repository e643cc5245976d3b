import { tzOffset } from '@date-fns/tz'
import type { PrintedTime } from '@/lib/logs/format'
import type { EpochMs } from '@/lib/units'

/** First letters of month names as `date` and `dmesg -T` print them, without dots and accents, in the locales seen in real logs. */
const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'ene', 'gen', 'tammi', 'янв', 'sty', 'led', 'oca', 'janv', 'ocak'],
  ['feb', 'fev', 'fevr', 'helmi', 'фев', 'lut', 'uno', 'sub'],
  ['mar', 'mrz', 'mars', 'maerz', 'marz', 'maalis', 'мар', 'bre', 'mrt', 'maa'],
  ['apr', 'avr', 'avril', 'abr', 'huhti', 'апр', 'kwi', 'dub', 'nis'],
  ['may', 'mai', 'maj', 'mei', 'mag', 'touko', 'мая', 'май', 'kve', 'maio'],
  ['jun', 'juin', 'giu', 'kesa', 'июн', 'cze', 'cer', 'haz'],
  ['jul', 'juil', 'lug', 'heina', 'июл', 'lip', 'cvc', 'tem'],
  ['aug', 'aou', 'aout', 'ago', 'elo', 'авг', 'sie', 'srp', 'agu'],
  ['sep', 'sept', 'set', 'syys', 'сен', 'wrz', 'zar', 'eyl'],
  ['oct', 'okt', 'out', 'ott', 'loka', 'окт', 'paz', 'rij', 'eki'],
  ['nov', 'marras', 'ноя', 'lis', 'kas'],
  ['dec', 'dez', 'dic', 'des', 'joulu', 'дек', 'gru', 'pro', 'ara'],
]

const MONTH_BY_NAME = new Map<string, number>()
MONTHS.forEach((names, index) => {
  for (const name of names) MONTH_BY_NAME.set(name, index + 1)
})

/** 1 to 12, or null. Reads English and localised names, abbreviated or full ("avril", "Mär", "ноя", "5月"). */
export function monthOf(word: string): number | null {
  const exact = MONTH_BY_NAME.get(word.toLowerCase())
  if (exact !== undefined) return exact
  const east = /^(\d{1,2})[月월]$/.exec(word)
  if (east) return inRange(Number(east[1]), 1, 12)
  const plain = word
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f.]/g, '')
  for (let length = Math.min(plain.length, 6); length >= 3; length -= 1) {
    const month = MONTH_BY_NAME.get(plain.slice(0, length))
    if (month !== undefined) return month
  }
  return null
}

function inRange(value: number, low: number, high: number): number | null {
  return value >= low && value <= high ? value : null
}

/** Minutes east of UTC from `Z`, `+0100`, `+01:00`, `+01`, `UTC`, `GMT`; null for names that mean several zones. */
export function offsetOf(text: string | undefined): number | null {
  if (text === undefined) return null
  if (text === 'Z' || text === 'z' || text === 'UTC' || text === 'GMT') return 0
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(text)
  if (!match) return NAMED_OFFSETS.get(text) ?? null
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  return match[1] === '-' ? -minutes : minutes
}

/** Only abbreviations that have one meaning in practice; CST, IST or BST have several. */
const NAMED_OFFSETS = new Map([
  ['CET', 60],
  ['CEST', 120],
  ['EET', 120],
  ['EEST', 180],
  ['EDT', -240],
  ['PDT', -420],
  ['PST', -480],
  ['MDT', -360],
  ['MSK', 180],
  ['JST', 540],
])

/** True when every part is within the calendar's range. A leap second (60) is one. */
export function isCalendarTime(time: PrintedTime): boolean {
  return (
    time.month >= 1 &&
    time.month <= 12 &&
    time.day >= 1 &&
    time.day <= 31 &&
    time.hour <= 23 &&
    time.minute <= 59 &&
    time.second <= 60
  )
}

/** The instant of a printed time. `year` stands in where none is printed, `zone` (IANA) where no offset is. */
export function toEpoch(time: PrintedTime, year: number, zone: string): EpochMs {
  const wall = wallMs(time, time.year ?? year)
  if (time.offsetMinutes !== null) return wall - time.offsetMinutes * 60_000
  return wallToEpoch(wall, zone)
}

/** Milliseconds as if the printed time were UTC: for comparing times of one zone. */
export function wallMs(time: PrintedTime, year: number): number {
  return Date.UTC(time.year ?? year, time.month - 1, time.day, time.hour, time.minute, time.second, time.ms)
}

/** A wall-clock time that occurs twice (end of daylight saving) is taken as the first; one that never occurs is moved on. */
function wallToEpoch(wall: number, zone: string): EpochMs {
  if (zone === 'UTC') return wall
  const guess = wall - tzOffset(zone, new Date(wall)) * 60_000
  const earlier = wall - tzOffset(zone, new Date(guess - 3_600_000)) * 60_000
  if (wall - tzOffset(zone, new Date(earlier)) * 60_000 === earlier) return earlier
  return wall - tzOffset(zone, new Date(guess)) * 60_000
}

/** True for a zone name that this runtime knows. */
export function isZone(zone: string): boolean {
  return !Number.isNaN(tzOffset(zone, new Date(0)))
}

/** "0.5" → 500, "123456" → 123, null → 0. */
export function fractionMs(digits: string | undefined): number {
  return digits === undefined ? 0 : Math.floor(Number(`0.${digits}`) * 1000)
}
