import { tzOffset } from '@date-fns/tz'
import { chooseOrder, isoDate, type SwappableDate } from '@/lib/metrics/formats/day-month'
import type { Draft } from '@/lib/metrics/formats/draft'
import type { SourceHints } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

export interface CalendarDate {
  year: number
  /** 1 to 12. */
  month: number
  day: number
}

export interface TimeOfDay {
  hour: number
  minute: number
  /** May have a fraction. */
  second: number
}

/** A point in time as some tool printed it. */
export type PrintedInstant =
  | { epoch: EpochMs }
  | { date: CalendarDate; time: TimeOfDay; zone: string | null }
  /** Day and month could be swapped: "03/04/2026". */
  | { dates: SwappableDate; is12Hour: boolean; time: TimeOfDay; zone: string | null }

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

// Zone names with one meaning. Those with several (CST, IST, BST) are in AMBIGUOUS_ZONES.
const ZONE_MINUTES: Record<string, number> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  WET: 0,
  WEST: 60,
  CET: 60,
  CEST: 120,
  MEZ: 60,
  MESZ: 120,
  EET: 120,
  EEST: 180,
  MSK: 180,
  EST: -300,
  EDT: -240,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  AKST: -540,
  AKDT: -480,
  HST: -600,
  JST: 540,
  KST: 540,
  HKT: 480,
  SGT: 480,
  AWST: 480,
  AEST: 600,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
  SAST: 120,
  PKT: 300,
}
const AMBIGUOUS_ZONES: Record<string, number> = { CST: -360, IST: 330, BST: 60, AST: -240 }

/** Minutes east of UTC of a zone name or offset as printed; null when unknown or of several meanings. */
function printedOffset(zone: string): number | null {
  const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0)
    return offset[1] === '-' ? -minutes : minutes
  }
  return ZONE_MINUTES[zone] ?? null
}

/** Turns local times into instants, and records what it had to assume. */
export interface LocalClock {
  /**
   * @param zone as printed beside the time; it wins over the zone the sender told
   * @param notBefore the instant of the row before: of the two readings of an hour repeated in autumn, the later is taken
   *   when the earlier would go back in time
   */
  toEpoch(date: CalendarDate, time: TimeOfDay, zone: string | null, notBefore?: EpochMs | null): EpochMs | null
  resolve(instant: PrintedInstant, notBefore?: EpochMs | null): EpochMs | null
}

export function createLocalClock(hints: SourceHints, draft: Draft): LocalClock {
  const offsetsByDay = new Map<number, number[]>()
  let isMonthFirst: boolean | null = null

  /** One offset on most days, two around a change; null for a zone nobody knows. */
  function offsetsInZone(zone: string, wall: EpochMs): number[] | null {
    const day = Math.floor(wall / DAY_MS)
    const around = offsetsByDay.get(day) ?? [
      ...new Set([tzOffset(zone, new Date((day - 1) * DAY_MS)), tzOffset(zone, new Date((day + 2) * DAY_MS))]),
    ]
    offsetsByDay.set(day, around)
    if (around.some((offset) => Number.isNaN(offset))) return null
    if (around.length === 1) return around
    const fitting = around.filter((offset) => tzOffset(zone, new Date(wall - offset * MINUTE_MS)) === offset)
    // A time skipped in spring exists in neither offset: read it with the one before.
    return fitting.length > 0 ? fitting : around.slice(0, 1)
  }

  function offsetsAt(wall: EpochMs, zone: string | null): number[] {
    const printed = zone === null ? null : printedOffset(zone)
    if (printed !== null) return [printed]
    const told = hints.zone === null ? null : offsetsInZone(hints.zone, wall)
    if (hints.zone !== null && told !== null) {
      draft.assume({ what: 'zone', value: hints.zone, why: 'told by the sender', isEvidenced: true })
      return told
    }
    const guess = zone === null ? undefined : AMBIGUOUS_ZONES[zone]
    if (guess !== undefined) {
      draft.assume({
        what: 'zone',
        value: describeOffset(guess),
        why: `${zone} has several meanings`,
        isEvidenced: false,
      })
      return [guess]
    }
    draft.assume({ what: 'zone', value: 'UTC', why: 'the file names no time zone', isEvidenced: false })
    return [0]
  }

  function toEpoch(
    date: CalendarDate,
    time: TimeOfDay,
    zone: string | null,
    notBefore: EpochMs | null = null,
  ): EpochMs | null {
    const wall = wallMs(date, time)
    if (wall === null) return null
    const readings = offsetsAt(wall, zone)
      .map((offset) => wall - offset * MINUTE_MS)
      .sort((a, b) => a - b)
    return readings.find((at) => notBefore === null || at >= notBefore) ?? readings[0] ?? null
  }

  /** The order of the first such date of a file stands for the others, as long as they are possible. */
  function chooseDate(dates: SwappableDate, has12HourClock: boolean): CalendarDate {
    const chosen = chooseOrder(dates, { has12HourClock, hasDecimalComma: false }, hints, toEpoch)
    isMonthFirst ??= chosen.date === dates.monthFirst
    const date = isMonthFirst ? dates.monthFirst : dates.dayFirst
    draft.assume({ what: 'date', value: isoDate(date), why: chosen.why, isEvidenced: chosen.isEvidenced })
    return date
  }

  return {
    toEpoch,
    resolve(instant, notBefore) {
      if ('epoch' in instant) return instant.epoch
      const date = 'dates' in instant ? chooseDate(instant.dates, instant.is12Hour) : instant.date
      return toEpoch(date, instant.time, instant.zone, notBefore)
    },
  }
}

function describeOffset(minutes: number): string {
  const sign = minutes < 0 ? '-' : '+'
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `UTC${sign}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

/** The wall time as if it were UTC; null when such a day or time does not exist. */
function wallMs({ year, month, day }: CalendarDate, { hour, minute, second }: TimeOfDay): EpochMs | null {
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second >= 61) return null
  const midnight = new Date(0)
  midnight.setUTCFullYear(year, month - 1, day)
  if (midnight.getUTCMonth() !== month - 1) return null
  return midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  const moved = new Date(Date.UTC(date.year, date.month - 1, date.day + days))
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() }
}

export function secondsOfDay({ hour, minute, second }: TimeOfDay): number {
  return (hour * 60 + minute) * 60 + second
}

// A step back of more than this is midnight; less is a clock set back, or daylight saving time ending.
const MIDNIGHT_STEP_SECONDS = 2 * 3600

/** Counts the midnights in a row of times that carry no date: 0 on the day of the first. */
export function createDayCount(): (time: TimeOfDay) => number {
  let days = 0
  let last: number | null = null
  return (time) => {
    const seconds = secondsOfDay(time)
    if (last !== null && seconds < last - MIDNIGHT_STEP_SECONDS) days += 1
    last = seconds
    return days
  }
}
