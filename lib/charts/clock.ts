import { tzOffset } from '@date-fns/tz'
import type { EpochMs } from '@/lib/units'

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MINUTE = 60_000

/** True for an IANA name or an offset (`+02:00`) that this runtime can tell time in. */
export function isKnownZone(zone: string): boolean {
  try {
    return zone.length <= 64 && new Intl.DateTimeFormat('en-US', { timeZone: zone }) !== null
  } catch {
    return false
  }
}

/** East of Greenwich is positive; an unknown zone counts as UTC. */
export function zoneOffsetMs(zone: string, at: EpochMs): number {
  const minutes = tzOffset(zone, new Date(at))
  return Number.isNaN(minutes) ? 0 : minutes * MINUTE
}

/** The wall clock of a zone, held in the UTC fields of a Date, so that no code can read the machine's own zone. */
function wallClock(at: EpochMs, zone: string): Date {
  return new Date(at + zoneOffsetMs(zone, at))
}

/**
 * The instant at which a zone's clock shows this wall time (milliseconds, as if the zone were UTC).
 *
 * @returns null for a time that summer time skips; the first of the two where it repeats
 */
export function instantOfWallTime(wallTime: number, zone: string): EpochMs | null {
  const before = zoneOffsetMs(zone, wallTime - 24 * 60 * MINUTE)
  const after = zoneOffsetMs(zone, wallTime + 24 * 60 * MINUTE)
  const candidates = [wallTime - Math.max(before, after), wallTime - Math.min(before, after)]
  return candidates.find((at) => at + zoneOffsetMs(zone, at) === wallTime) ?? null
}

const two = (value: number) => String(value).padStart(2, '0')

/** "14:11" */
export function formatMinute(at: EpochMs, zone: string): string {
  const clock = wallClock(at, zone)
  return `${two(clock.getUTCHours())}:${two(clock.getUTCMinutes())}`
}

/** "14:11:02" */
export function formatClock(at: EpochMs, zone: string): string {
  return `${formatMinute(at, zone)}:${two(wallClock(at, zone).getUTCSeconds())}`
}

/** "2 Nov" */
export function formatShortDay(at: EpochMs, zone: string): string {
  const clock = wallClock(at, zone)
  return `${clock.getUTCDate()} ${MONTHS[clock.getUTCMonth()]}`
}

/** "Nov 2007" */
export function formatMonth(at: EpochMs, zone: string): string {
  const clock = wallClock(at, zone)
  return `${MONTHS[clock.getUTCMonth()]} ${clock.getUTCFullYear()}`
}

/** "Fri 2 Nov 2007" */
export function formatDay(at: EpochMs, zone: string): string {
  const clock = wallClock(at, zone)
  return `${WEEKDAYS[clock.getUTCDay()]} ${formatShortDay(at, zone)} ${clock.getUTCFullYear()}`
}

/** "Fri 2 Nov 2007, 14:11:02" */
export function formatDayTime(at: EpochMs, zone: string): string {
  return `${formatDay(at, zone)}, ${formatClock(at, zone)}`
}

/** "Fri 2 Nov 2007, 11:00–18:00", or both days when the range crosses midnight. */
export function formatRange(from: EpochMs, to: EpochMs, zone: string): string {
  const time = to - from < 10 * MINUTE ? formatClock : formatMinute
  const start = `${formatDay(from, zone)}, ${time(from, zone)}`
  return formatDay(from, zone) === formatDay(to, zone)
    ? `${start}–${time(to, zone)}`
    : `${start} – ${formatDay(to, zone)}, ${time(to, zone)}`
}

/** "3 h ago", "2 days ago", "just now"; `now` comes from the caller. */
export function formatAgo(at: EpochMs, now: EpochMs): string {
  const minutes = Math.floor((now - at) / MINUTE)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes}\u00a0min ago`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours}\u00a0h ago`
  const days = Math.floor(hours / 24)
  if (days < 60) return `${days}\u00a0${days === 1 ? 'day' : 'days'} ago`
  const months = Math.floor(days / 30.44)
  return months < 24 ? `${months}\u00a0months ago` : `${Math.floor(days / 365.25)}\u00a0years ago`
}
