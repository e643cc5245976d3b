import { allOf, availableOf, leftOf } from '@/lib/incidents/signs/left'
import type { Sample } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** How a machine stands. Ascending. */
export const LEVELS = ['ok', 'watch', 'tight', 'critical'] as const
export type Level = (typeof LEVELS)[number]

export type SignalName =
  | 'available'
  | 'pressure'
  | 'full-pressure'
  | 'swap'
  | 'no-swap'
  | 'swap-in'
  | 'falling'
  | 'committed'
  | 'stalls'

/** One measure beyond its threshold. The value is a share of 1, a rate, or for `falling` a time in ms: see `RULES`. */
export interface Signal {
  name: SignalName
  level: Exclude<Level, 'ok'>
  value: number
}

/** What was left at an instant: the past that a fall is measured over. */
export interface Point {
  at: EpochMs
  left: number
}

interface SignalRule {
  name: SignalName
  /** From where on it is watch, tight, critical. Descending thresholds: the less, the worse. */
  thresholds: readonly [number, number, number]
  /** Null when the sample does not tell. @param past ascending, the sample itself last */
  read: (sample: Sample, past: readonly Point[]) => number | null
}

const MIB = 1024 * 1024
const MINUTE = 60_000
const NEVER = Number.POSITIVE_INFINITY

/**
 * Everything that counts as a sign, with its thresholds. earlyoom acts at 10 % available and 10 % of the swap free;
 * systemd-oomd at 90 % of the swap used.
 *
 * @see Linux Documentation/accounting/psi.rst
 */
const RULES: readonly SignalRule[] = [
  { name: 'available', thresholds: [0.15, 0.08, 0.04], read: availableShare },
  // Some avg10; full avg10 only where a source tells nothing else.
  { name: 'pressure', thresholds: [0.1, 0.2, 0.4], read: ({ psiMemSomeAvg10 }) => shareOfTime(psiMemSomeAvg10) },
  {
    name: 'full-pressure',
    thresholds: [0.05, 0.1, 0.2],
    read: (sample) => (sample.psiMemSomeAvg10 == null ? shareOfTime(sample.psiMemFullAvg10) : null),
  },
  { name: 'swap', thresholds: [0.4, 0.15, 0.05], read: swapFreeShare },
  // Without swap nothing can be moved out: what is available is all there is.
  {
    name: 'no-swap',
    thresholds: [0.1, 0.06, 0.04],
    read: (sample) => (sample.swapTotal === 0 ? availableShare(sample) : null),
  },
  // Bytes a second.
  { name: 'swap-in', thresholds: [MIB, 4 * MIB, 16 * MIB], read: (sample) => sample.swapInPerSec ?? null },
  // Until nothing is left, at the rate of the last minutes.
  { name: 'falling', thresholds: [60 * MINUTE, 20 * MINUTE, 5 * MINUTE], read: timeLeft },
  // Of RAM and swap. Much of what is promised is never used, so it never makes a state critical.
  { name: 'committed', thresholds: [1.25, 1.75, NEVER], read: committedShare },
  // Direct reclaims a second. Linux mm/vmscan.c, allocstall.
  { name: 'stalls', thresholds: [10, 100, 1000], read: (sample) => sample.allocStallPerSec ?? null },
]

/** A fall is measured over this time, or over this many samples where they are further apart. */
export const FALL_MS = 10 * MINUTE
export const FALL_POINTS = 6
const FALL_SPAN_MS = 4 * MINUTE
const FALL_LEAST_POINTS = 5
/** A smaller loss of RAM and swap is noise. */
const FALL_LEAST = 0.03
const SUDDEN_LEAST = 0.05

/** The signals of one sample, worst first. A field that is not told gives none. */
export function readSignals(sample: Sample, past: readonly Point[]): Signal[] {
  return RULES.flatMap((rule) => {
    const value = rule.read(sample, past)
    const level = value === null ? null : levelOf(value, rule.thresholds)
    return value === null || level === null ? [] : [{ name: rule.name, level, value }]
  }).sort((a, b) => rank(b.level) - rank(a.level))
}

/**
 * The level that two signals reach; one alone is at most watch. Free memory, stalls, or (where neither is told)
 * swapping in must be among them: swap that filled long ago, a large promise or a fall from plenty is no trouble yet.
 */
export function levelOfSignals(signals: readonly Signal[], sample: Sample): Level {
  const anchors = signals.filter(({ name }) => isAnchor(name, sample))
  const [first, second] = signals
  if (!first || anchors.length === 0) return 'ok'
  if (second) return second.level
  return first.level === 'watch' ? 'ok' : 'watch'
}

function isAnchor(name: SignalName, sample: Sample): boolean {
  if (name === 'available' || name === 'pressure' || name === 'full-pressure') return true
  return name === 'swap-in' && availableShare(sample) === null && sample.psiMemSomeAvg10 == null
}

export function rank(level: Level): number {
  return LEVELS.indexOf(level)
}

function levelOf(value: number, [watch, tight, critical]: SignalRule['thresholds']): Signal['level'] | null {
  const isLessWorse = watch > tight
  const reaches = (threshold: number) => (isLessWorse ? value < threshold : value >= threshold)
  if (reaches(critical)) return 'critical'
  if (reaches(tight)) return 'tight'
  return reaches(watch) ? 'watch' : null
}

function availableShare(sample: Sample): number | null {
  const available = availableOf(sample)
  return available === null || !sample.memTotal ? null : available / sample.memTotal
}

function swapFreeShare({ swapFree, swapTotal }: Sample): number | null {
  return swapFree == null || !swapTotal ? null : swapFree / swapTotal
}

function committedShare(sample: Sample): number | null {
  const all = allOf(sample)
  return sample.committedAs == null || all === null ? null : sample.committedAs / all
}

function shareOfTime(percent: number | null | undefined): number | null {
  return percent == null ? null : percent / 100
}

/** At the rate of the last ten minutes or, where much was lost at once, of the last six samples. */
function timeLeft(sample: Sample, past: readonly Point[]): number | null {
  const all = allOf(sample)
  if (all === null || leftOf(sample) === null || past.length < FALL_LEAST_POINTS) return null
  const isLong = sample.at - (past[0]?.at ?? sample.at) >= FALL_SPAN_MS
  const slowly = isLong ? timeLeftOver(past, all * FALL_LEAST) : null
  const suddenly = timeLeftOver(past.slice(-FALL_POINTS), all * SUDDEN_LEAST)
  return slowly === null || suddenly === null ? (slowly ?? suddenly) : Math.min(slowly, suddenly)
}

/** From the medians of the first and the last third, so that one odd sample moves nothing; null for a smaller loss. */
function timeLeftOver(points: readonly Point[], leastLoss: number): number | null {
  const third = Math.floor(points.length / 3)
  const before = middle(points.slice(0, third))
  const now = middle(points.slice(-third))
  const lost = before.left - now.left
  return lost < leastLoss ? null : now.left / (lost / (now.at - before.at))
}

function middle(points: readonly Point[]): Point {
  const byLeft = [...points].sort((a, b) => a.left - b.left)
  const at = points.reduce((sum, point) => sum + point.at, 0) / points.length
  return { at, left: byLeft[Math.floor(points.length / 2)]?.left ?? 0 }
}
