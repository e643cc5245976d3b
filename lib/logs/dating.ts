import type { Envelope, PrintedTime } from '@/lib/logs/format'
import { isZone, toEpoch, wallMs } from '@/lib/logs/printed-time'
import type { Stamp } from '@/lib/logs/source'
import type { Assumption, SourceHints } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

/** A point on both clocks of a log, good for differences only; null where the line has no such clock. */
export interface Moment {
  /** Wall clock with a stand-in year. */
  wallMs: number | null
  uptimeMs: number | null
}

/** Milliseconds from `a` to `b`, by the uptime where both have it; null when the two share no clock. */
export function gapMs(a: Moment, b: Moment): number | null {
  if (a.uptimeMs !== null && b.uptimeMs !== null) return b.uptimeMs - a.uptimeMs
  if (a.wallMs !== null && b.wallMs !== null) return b.wallMs - a.wallMs
  return null
}

const DAY = 86_400_000
/** A stand-in for years that are not printed: a leap year, so that 29 February exists. */
const BASE_YEAR = 2000
/** A step back of more than this inside a file is a New Year, not a clock that was set. */
const NEW_YEAR_STEP = 60 * DAY
/** A fall of the uptime by more than this is another boot; two CPUs differ by milliseconds. */
const REBOOT_STEP_MS = 2_000

interface HostClock {
  /** New Years passed since the first line. */
  turns: number
  wall: number | null
  boot: number
  uptimeMs: number | null
}

const MAX_CLOCKS = 10_000

function newClock(): HostClock {
  return { turns: 0, wall: null, boot: 0, uptimeMs: null }
}

interface Pending {
  stamp: Stamp
  time: PrintedTime | null
  turns: number
  bootKey: string
  uptimeMs: number | null
}

/** The year of the first line as other files of the same host tell it. */
export interface YearOfHistory {
  year: number
  why: string
  /** False when that file's year is a guess itself. */
  isEvidenced: boolean
}

interface YearEvidence {
  base: number
  text: string
  line: number
}

/** Follows the clocks of a source line by line, and places every stamp in time once all evidence is in. */
export function createDating(hints: SourceHints) {
  const latest = Math.min(hints.modifiedAt ?? Number.POSITIVE_INFINITY, hints.receivedAt ?? Number.POSITIVE_INFINITY)
  const clocks = new Map<string, HostClock>()
  const pending: Pending[] = []
  const lastUptime = new Map<string, number>()
  /** Boot instants where one line prints both clocks. */
  const bootWall = new Map<string, { time: PrintedTime; turns: number; uptimeMs: number }>()
  let evidence: YearEvidence | null = null
  let needsYear = false
  let needsZone = false
  let lastYearless: { time: PrintedTime; turns: number } | null = null
  let first: Pending | null = null
  let last: Pending | null = null
  let lastBootKey: string | null = null

  function clockOf(host: string | null): HostClock {
    const key = host ?? ''
    let clock = clocks.get(key)
    if (!clock) {
      // Hosts beyond any real number are one text's invention; they share a clock.
      if (clocks.size >= MAX_CLOCKS) return clocks.get(clocks.keys().next().value ?? '') ?? newClock()
      clock = newClock()
      clocks.set(key, clock)
    }
    return clock
  }

  function advance(clock: HostClock, time: PrintedTime): { turns: number; wall: number } {
    let turns = clock.turns
    let wall = wallMs(time, BASE_YEAR + turns)
    if (time.year === null && clock.wall !== null) {
      if (wall < clock.wall - NEW_YEAR_STEP) {
        turns += 1
        clock.turns = turns
        wall = wallMs(time, BASE_YEAR + turns)
      } else if (turns > 0 && wall > clock.wall + 300 * DAY) {
        // A late line of December among January's: it belongs to the year before, and the clock stays where it is.
        return { turns: turns - 1, wall: wallMs(time, BASE_YEAR + turns - 1) }
      }
    }
    clock.wall = wall
    return { turns, wall }
  }

  /** Takes note of a line's clocks. Call it once for every decoded line, in order. */
  function see(line: Envelope): { moment: Moment; bootKey: string; turns: number } {
    const clock = clockOf(line.host)
    const uptimeMs = line.uptimeSeconds === null ? null : line.uptimeSeconds * 1000
    if (uptimeMs !== null) {
      if (clock.uptimeMs !== null && uptimeMs < clock.uptimeMs - REBOOT_STEP_MS) clock.boot += 1
      clock.uptimeMs = uptimeMs
    }
    const bootKey = `${line.host ?? ''}\u0000${line.boot ?? ''}\u0000${clock.boot}`
    if (uptimeMs !== null) {
      lastUptime.set(bootKey, Math.max(uptimeMs, lastUptime.get(bootKey) ?? 0))
      lastBootKey = bootKey
    }
    if (!line.time) return { moment: { wallMs: null, uptimeMs }, bootKey, turns: clock.turns }
    const { turns, wall } = advance(clock, line.time)
    if (line.time.year === null) {
      needsYear = true
      lastYearless = { time: line.time, turns }
    }
    if (uptimeMs !== null) bootWall.set(bootKey, { time: line.time, turns, uptimeMs })
    const seen: Pending = {
      stamp: { text: null, at: null, uptimeSeconds: null },
      time: line.time,
      turns,
      bootKey,
      uptimeMs,
    }
    first ??= seen
    last = seen
    return { moment: { wallMs: wall, uptimeMs }, bootKey, turns }
  }

  /** A stamp for a fact; its instant is filled in by `place`. */
  function stamp(line: Envelope, seen: { bootKey: string; turns: number }): Stamp {
    const made: Stamp = {
      text: line.time?.text ?? line.uptimeText,
      at: null,
      uptimeSeconds: line.uptimeSeconds,
      ...(line.boot !== null && line.time !== null && { isExact: true }),
    }
    pending.push({
      stamp: made,
      time: line.time,
      turns: seen.turns,
      bootKey: seen.bootKey,
      uptimeMs: line.uptimeSeconds === null ? null : line.uptimeSeconds * 1000,
    })
    return made
  }

  /** Looks for a dated word (`amavis-20071102T233954`) that agrees with the dates around it. */
  function readDatedWords(text: string, line: number): void {
    if (evidence || !lastYearless) return
    const { time, turns } = lastYearless
    for (const match of text.matchAll(DATED)) {
      const year = Number(match[2])
      // "certificate valid until 2031-11-03" tells nothing of when the line was written.
      if (Date.UTC(year, Number(match[3]) - 1, Number(match[4])) > latest + DAY) continue
      const distance = Math.abs(
        Date.UTC(year, Number(match[3]) - 1, Number(match[4])) - Date.UTC(year, time.month - 1, time.day),
      )
      if (distance <= 3 * DAY) {
        evidence = { base: year - turns, text: match[0].slice(0, 40), line }
        return
      }
    }
  }

  function baseYear(history: YearOfHistory | null): { year: number; assumption: Assumption } | null {
    if (hints.year !== null) return assumed(hints.year, 'told with the file', true)
    if (evidence) return assumed(evidence.base, `${evidence.text} in line ${evidence.line}`, true)
    const end = last?.time
    if (!end || !last) return null
    const named = dateInName(hints.name)
    if (named !== null)
      return assumed(latestYear(end, named) - last.turns, `the date in the file name ${hints.name}`, true)
    if (history) return assumed(history.year, history.why, history.isEvidenced)
    if (hints.modifiedAt !== null) {
      return assumed(latestYear(end, hints.modifiedAt) - last.turns, 'the time the file was last changed', false)
    }
    if (hints.receivedAt !== null) {
      return assumed(latestYear(end, hints.receivedAt) - last.turns, 'the latest year that is not in the future', false)
    }
    return null
  }

  /** Fills in every stamp, and says what had to be assumed for it. Done again with a better year, it re-times them all. */
  function place(history: YearOfHistory | null = null): {
    assumed: Assumption[]
    from: EpochMs | null
    to: EpochMs | null
    zone: string
  } {
    const found: Assumption[] = []
    const base = needsYear ? baseYear(history) : null
    if (base) found.push(base.assumption)
    const zone = hints.zone !== null && isZone(hints.zone) ? hints.zone : 'UTC'
    const wallAt = (time: PrintedTime, turns: number): EpochMs | null => {
      if (time.year === null && !base) return null
      if (time.offsetMinutes === null) needsZone = true
      return toEpoch(time, (base?.year ?? 0) + turns, zone)
    }
    const bootAt = (key: string): EpochMs | null => {
      const pair = bootWall.get(key)
      const at = pair ? wallAt(pair.time, pair.turns) : null
      return pair && at !== null ? at - pair.uptimeMs : null
    }
    const uptimeEnd = lastBootKey === null ? null : (lastUptime.get(lastBootKey) ?? null)
    let usesArrival = false
    const at = (item: Pending): EpochMs | null => {
      if (item.time) return wallAt(item.time, item.turns)
      if (item.uptimeMs === null) return null
      const boot = bootAt(item.bootKey)
      if (boot !== null) return Math.round(boot + item.uptimeMs)
      if (hints.receivedAt === null || item.bootKey !== lastBootKey || uptimeEnd === null) return null
      usesArrival = true
      return Math.round(hints.receivedAt - (uptimeEnd - item.uptimeMs))
    }
    for (const item of pending) item.stamp.at = at(item)
    const ends = [first && at(first), last && at(last), ...pending.map((item) => item.stamp.at)].filter(
      (instant) => instant !== null,
    )
    const from = ends.length === 0 ? null : ends.reduce((a, b) => Math.min(a, b))
    const to = ends.length === 0 ? null : ends.reduce((a, b) => Math.max(a, b))
    if (needsZone) {
      const told = zone === hints.zone
      found.push({
        what: 'zone',
        value: zone,
        why: told ? 'told with the file' : 'no zone on the lines',
        isEvidenced: told,
      })
    }
    if (usesArrival) {
      found.push({
        what: 'clock',
        value: 'last line = arrival',
        why: 'the lines count seconds since boot only',
        isEvidenced: false,
      })
    }
    return { assumed: found, from, to, zone }
  }

  return {
    see,
    stamp,
    readDatedWords,
    place,
    /** True while the year is open and a dated word could still settle it. */
    wantsDatedWords: () => evidence === null && lastYearless !== null && hints.year === null,
  }
}

export type Dating = ReturnType<typeof createDating>

// "amavis-20071102T233954", "access-2007-11-02.log": a full date that is not part of a longer number
export const DATED =
  /(?<![\d.])([A-Za-z][\w.]{0,30}?[-_./])?((?:19[789]|20[0-4])\d)[-_/]?(0[1-9]|1[0-2])[-_/]?(0[1-9]|[12]\d|3[01])(?![\d.])(?:[T_-]?\d{4,6})?/g

function assumed(year: number, why: string, isEvidenced: boolean): { year: number; assumption: Assumption } {
  return { year, assumption: { what: 'year', value: String(year), why, isEvidenced } }
}

/** Midnight after the date in a file name such as `messages-20071104`, or null. */
function dateInName(name: string): EpochMs | null {
  const base = name.slice(name.lastIndexOf('/') + 1)
  const match = /(?<!\d)((?:19[789]|20[0-4])\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?!\d)/.exec(base)
  return match ? Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) + DAY : null
}

/** The latest year in which a yearless date is not after `limit`; a day of slack for unknown zones. */
function latestYear(time: PrintedTime, limit: EpochMs): number {
  let year = new Date(limit + DAY).getUTCFullYear()
  const isLeapDay = time.month === 2 && time.day === 29
  while (wallMs(time, year) > limit + DAY || (isLeapDay && new Date(Date.UTC(year, 1, 29)).getUTCMonth() !== 1))
    year -= 1
  return year
}
