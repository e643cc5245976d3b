import {
  formatClock,
  formatMinute,
  formatMonth,
  formatShortDay,
  instantOfWallTime,
  zoneOffsetMs,
} from '@/lib/charts/clock'
import type { EpochMs } from '@/lib/units'

/** `from` is before `to`. */
export interface TimeRange {
  from: EpochMs
  to: EpochMs
}

/** A minor tick has no label. */
export interface TimeTick {
  at: EpochMs
  label: string | null
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Distance of labels, and of the unlabelled ticks between them. */
const STEPS: readonly (readonly [major: number, minor: number])[] = [
  [SECOND, SECOND],
  [5 * SECOND, SECOND],
  [10 * SECOND, 5 * SECOND],
  [30 * SECOND, 10 * SECOND],
  [MINUTE, 10 * SECOND],
  [2 * MINUTE, 30 * SECOND],
  [5 * MINUTE, MINUTE],
  [10 * MINUTE, 2 * MINUTE],
  [15 * MINUTE, 5 * MINUTE],
  [30 * MINUTE, 5 * MINUTE],
  [HOUR, 10 * MINUTE],
  [2 * HOUR, 30 * MINUTE],
  [3 * HOUR, HOUR],
  [6 * HOUR, HOUR],
  [12 * HOUR, 3 * HOUR],
  [DAY, 6 * HOUR],
  [2 * DAY, 12 * HOUR],
  [7 * DAY, DAY],
]
const LABEL_ROOM = 84

/** Pixels from the left edge of a plot. */
export function xOf(at: EpochMs, range: TimeRange, width: number): number {
  return ((at - range.from) / (range.to - range.from)) * width
}

/** Spreads a range by a share of itself on both sides; an instant becomes `leastMs` wide. */
export function widen(range: TimeRange, share: number, leastMs: number): TimeRange {
  const span = Math.max(range.to - range.from, leastMs)
  const middle = (range.from + range.to) / 2
  const half = span * (0.5 + share)
  return { from: Math.floor(middle - half), to: Math.ceil(middle + half) }
}

/** Round times of the zone's own clock, ascending; labels stand at least 84 px apart. */
export function timeTicks(range: TimeRange, zone: string, width: number, labelRoom = LABEL_ROOM): TimeTick[] {
  const msPerLabel = ((range.to - range.from) / Math.max(width, 1)) * labelRoom
  const step = STEPS.find(([major]) => major >= msPerLabel)
  return step ? evenTicks(range, zone, step[0], step[1]) : monthTicks(range, zone, msPerLabel)
}

function evenTicks(range: TimeRange, zone: string, major: number, minor: number): TimeTick[] {
  const ticks: TimeTick[] = []
  const lastWall = range.to + zoneOffsetMs(zone, range.to)
  const firstWall = Math.ceil((range.from + zoneOffsetMs(zone, range.from)) / minor) * minor
  for (let wall = firstWall; wall <= lastWall + minor; wall += minor) {
    const at = instantOfWallTime(wall, zone)
    if (at === null || at < range.from || at > range.to) continue
    ticks.push({ at, label: wall % major === 0 ? tickLabel(at, zone, wall, major) : null })
  }
  return ticks
}

function tickLabel(at: EpochMs, zone: string, wall: number, major: number): string {
  if (wall % DAY === 0) return formatShortDay(at, zone)
  return major < MINUTE ? formatClock(at, zone) : formatMinute(at, zone)
}

function monthTicks(range: TimeRange, zone: string, msPerLabel: number): TimeTick[] {
  const MONTH = 30.44 * DAY
  const step = [1, 3, 6, 12, 24, 60, 120].find((months) => months * MONTH >= msPerLabel) ?? 240
  const start = new Date(range.from + zoneOffsetMs(zone, range.from))
  const ticks: TimeTick[] = []
  for (let month = start.getUTCFullYear() * 12 + start.getUTCMonth(); ; month += 1) {
    const at = instantOfWallTime(Date.UTC(Math.floor(month / 12), month % 12, 1), zone)
    if (at === null || at < range.from) continue
    if (at > range.to) return ticks
    if (month % step === 0) ticks.push({ at, label: formatMonth(at, zone) })
    else if (step <= 12) ticks.push({ at, label: null })
  }
}
