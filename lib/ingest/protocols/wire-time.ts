import type { Json } from '@/lib/ingest/protocols/json'
import { readCtime } from '@/lib/logs/dmesg'
import type { PrintedTime } from '@/lib/logs/format'
import { isZone, toEpoch } from '@/lib/logs/printed-time'
import { readBsdTime } from '@/lib/logs/rfc3164'
import type { EpochMs } from '@/lib/units'

const DAY_MS = 86_400_000
/** Nothing a sender tells lies further back or ahead; beyond it a clock is wrong or a unit misread. */
const OLDEST_MS = 20 * 365 * DAY_MS
const NEWEST_MS = DAY_MS

/** Why a value or line whose time is not plausible was refused. */
export const MISPLACED = 'The time lies more than 20 years back or a day ahead.'

/** How times without year or zone are completed. */
export interface TimeContext {
  receivedAt: EpochMs
  /** IANA name from the request; null: UTC. */
  zone: string | null
}

// "2026-11-24T02:46:58.506187+00:00", "2026-11-24 02:46:58,506 +0100", "2026-11-24T02:46:58Z"
const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d{0,9})? ?(Z|UTC|[+-]\d\d:?\d\d)?$/i

/**
 * A time in any of the ways log senders write one: seconds, milliseconds, microseconds or nanoseconds since 1970 (told
 * apart by their size), ISO 8601, RFC 3164. A year that is not printed is the one that puts the time nearest before
 * the arrival; a zone that is not printed is the request's, else UTC.
 *
 * @returns nanoseconds; null when it is no time, or one more than 20 years ago or a day ahead
 */
export function readWireTime(value: Json | undefined, context: TimeContext): bigint | null {
  const ns = typeof value === 'number' ? fromNumber(value) : typeof value === 'string' ? fromText(value, context) : null
  return ns !== null && isPlausible(ns, context.receivedAt) ? ns : null
}

/** Nanoseconds as they are, if plausible. */
export function placeNs(ns: bigint, receivedAt: EpochMs): bigint | null {
  return isPlausible(ns, receivedAt) ? ns : null
}

/** True from 20 years before arrival to a day after it. */
export function isPlausibleMs(at: EpochMs, receivedAt: EpochMs): boolean {
  return Number.isFinite(at) && at >= receivedAt - OLDEST_MS && at <= receivedAt + NEWEST_MS
}

export function nsToMs(ns: bigint): EpochMs {
  return Number(ns / 1_000_000n)
}

export function msToNs(ms: EpochMs): bigint {
  return BigInt(Math.round(ms * 1000)) * 1000n
}

function isPlausible(ns: bigint, receivedAt: EpochMs): boolean {
  return isPlausibleMs(nsToMs(ns), receivedAt)
}

function fromNumber(value: number): bigint | null {
  if (!Number.isFinite(value) || value <= 0) return null
  // A double holds seconds since 1970 to a quarter of a microsecond.
  if (value < 1e11) return BigInt(Math.round(value * 1e6)) * 1000n
  if (value < 1e14) return BigInt(Math.round(value * 1e3)) * 1000n
  if (value < 1e17) return BigInt(Math.round(value)) * 1000n
  return value < 1e20 ? BigInt(Math.round(value)) : null
}

function fromText(value: string, context: TimeContext): bigint | null {
  const text = value.trim()
  if (text.length > 64) return null
  const digits = /^(\d{1,20})(?:\.(\d{1,12}))?$/.exec(text)
  if (digits) return fromDigits(digits[1] ?? '', digits[2] ?? '')
  const iso = ISO.exec(text)
  if (iso) return fromIso(iso, context)
  const printed = readBsdTime(`${text} `)?.time ?? readCtime(text)
  if (!printed) return null
  const at = completeTime(printed, context)
  return at === null ? null : msToNs(at)
}

function fromDigits(whole: string, fraction: string): bigint | null {
  const exponent = whole.length <= 11 ? 9 : whole.length <= 14 ? 6 : whole.length <= 17 ? 3 : 0
  const scaled = BigInt(whole) * 10n ** BigInt(exponent)
  const rest = fraction.slice(0, exponent).padEnd(exponent, '0')
  const ns = scaled + (rest === '' ? 0n : BigInt(rest))
  return ns > 0n ? ns : null
}

function fromIso(match: RegExpExecArray, context: TimeContext): bigint | null {
  const [, year, month, day, hour, minute, second, fraction = '', offset] = match
  const printed: PrintedTime = {
    text: match[0],
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    ms: 0,
    offsetMinutes: readOffset(offset),
  }
  const at = completeTime(printed, context)
  return at === null ? null : BigInt(at) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}

function readOffset(text: string | undefined): number | null {
  if (text === undefined) return null
  if (/^(z|utc)$/i.test(text)) return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2))
  return text.startsWith('-') ? -minutes : minutes
}

/** Places a printed time; of the possible years the last one that is not in the future. */
export function completeTime(time: PrintedTime, context: TimeContext): EpochMs | null {
  const zone = context.zone !== null && isZone(context.zone) ? context.zone : 'UTC'
  const newest = context.receivedAt + NEWEST_MS
  const thisYear = new Date(newest).getUTCFullYear()
  const years = time.year === null ? [thisYear, thisYear - 1] : [time.year]
  for (const year of years) {
    const at = toEpoch(time, year, zone)
    if (Number.isFinite(at) && (time.year !== null || at <= newest)) return at
  }
  return null
}
