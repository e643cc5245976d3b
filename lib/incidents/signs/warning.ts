import { leftOf } from '@/lib/incidents/signs/left'
import {
  FALL_MS,
  FALL_POINTS,
  type Level,
  levelOfSignals,
  type Point,
  rank,
  readSignals,
  type Signal,
} from '@/lib/incidents/signs/signals'
import type { Sample, Series } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** The state from one instant on. */
export interface Standing {
  since: EpochMs
  level: Level
  /** What was beyond its threshold at that instant, worst first. */
  signals: Signal[]
}

/** A lower level must hold this long before the state falls to it. */
const FALL_AFTER_MS = 5 * 60_000
/** Points older than this do not belong to one fall. */
const OLDEST_POINT_MS = 60 * 60_000

/**
 * The warning state machine. It rises at once where two signals agree on tight or critical; to watch where one of two
 * is critical, else with the second sample in a row. It falls when five minutes were lower: to the worst of them. One machine follows a live host and
 * looks back from an incident.
 */
export class WarningMachine {
  private standing: Standing | null = null
  private past: Point[] = []
  private before: Level | null = null
  private lower: { since: EpochMs; worst: Level; signals: Signal[] } | null = null
  private latest: Signal[] = []

  /** The next sample. @returns the new standing when the state has changed with it, or was not known before */
  add(sample: Sample): Standing | null {
    this.remember(sample)
    this.latest = readSignals(sample, this.past)
    const seen = levelOfSignals(this.latest, sample)
    const isFirst = this.before === null
    const isWatchHeld =
      isFirst || this.before !== 'ok' || (this.latest.length > 1 && this.latest[0]?.level === 'critical')
    this.before = seen
    const level = seen === 'watch' && !isWatchHeld ? 'ok' : seen
    if (!this.standing || rank(level) > rank(this.standing.level)) return this.move(sample.at, level, this.latest)
    if (level === this.standing.level) {
      this.lower = null
      return null
    }
    return this.fall(sample.at, level)
  }

  /** Null before the first sample. `signals` are those of the last sample, not of the change. */
  get now(): Standing | null {
    return this.standing && { ...this.standing, signals: this.latest }
  }

  private fall(at: EpochMs, level: Level): Standing | null {
    if (!this.lower) this.lower = { since: at, worst: level, signals: this.latest }
    else if (rank(level) > rank(this.lower.worst)) this.lower = { ...this.lower, worst: level, signals: this.latest }
    const { since, worst, signals } = this.lower
    return at - since >= FALL_AFTER_MS ? this.move(at, worst, signals) : null
  }

  private move(at: EpochMs, level: Level, signals: Signal[]): Standing {
    this.lower = null
    this.standing = { since: at, level, signals }
    return this.standing
  }

  private remember(sample: Sample): void {
    const left = leftOf(sample)
    if (left === null) return
    this.past.push({ at: sample.at, left })
    while (this.past.length > FALL_POINTS && sample.at - (this.past[0]?.at ?? 0) > FALL_MS) this.past.shift()
    while (sample.at - (this.past[0]?.at ?? sample.at) > OLDEST_POINT_MS) this.past.shift()
  }
}

/** Every change of state over a series, the first state included. Samples that tell nothing of memory are passed over. */
export function followWarnings(samples: Series): Standing[] {
  const machine = new WarningMachine()
  return samples.filter(tellsOfMemory).flatMap((sample) => machine.add(sample) ?? [])
}

/** The state after the last sample of a series; null when none tells of memory. */
export function warningNow(samples: Series): Standing | null {
  const machine = new WarningMachine()
  for (const sample of samples) if (tellsOfMemory(sample)) machine.add(sample)
  return machine.now
}

function tellsOfMemory(sample: Sample): boolean {
  return (
    leftOf(sample) !== null ||
    (sample.memAvailable ?? sample.swapFree ?? sample.swapInPerSec ?? sample.psiMemSomeAvg10) != null
  )
}
