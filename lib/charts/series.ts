import type { GapReason } from '@/lib/charts/gap-reasons'
import type { TimeRange } from '@/lib/charts/time-scale'
import type { EpochMs } from '@/lib/units'

/** A stretch without samples; `edge` tells a hole from a range that begins or ends without any. */
export interface Gap extends TimeRange {
  edge: 'inside' | 'start' | 'end'
  /** Null or left out when nothing tells it. */
  reason?: GapReason | null
}

/** Columns ascending by `at`; each value array is as long as `at`. A value is null where the source did not tell it. */
export interface Columns {
  at: EpochMs[]
  values: Record<string, (number | null)[]>
  /** Of columns whose rows stand for more than one sample: the least and the greatest of all of these. */
  extremes: Record<string, { least: (number | null)[]; greatest: (number | null)[] }>
}

/** Samples further apart than this many expected steps have a gap between them. */
const GAP_STEPS = 3

/** The usual distance of samples: the median, so that gaps do not count; null with fewer than two. */
export function expectedStep(at: readonly EpochMs[]): number | null {
  const steps = at.slice(1).map((time, index) => time - (at[index] ?? time))
  steps.sort((a, b) => a - b)
  return steps[Math.floor(steps.length / 2)] ?? null
}

/** Where nothing was measured. An empty series has no gaps: its panel says in words that it is empty. */
export function findGaps(at: readonly EpochMs[], range: TimeRange): Gap[] {
  const first = at[0]
  const last = at.at(-1)
  const step = expectedStep(at)
  if (first === undefined || last === undefined || step === null) return []
  const room = step * GAP_STEPS
  const gaps: Gap[] = []
  if (first - range.from > room) gaps.push({ from: range.from, to: first, edge: 'start' })
  at.forEach((time, index) => {
    const before = at[index - 1]
    if (before !== undefined && time - before > room) gaps.push({ from: before, to: time, edge: 'inside' })
  })
  if (range.to - last > room) gaps.push({ from: last, to: range.to, edge: 'end' })
  return gaps
}

/**
 * The gap before a row, by the row's index. Rows left out or put in buckets need not begin where a gap ends: the first
 * row past its middle is the first after it.
 */
export function gapsBefore(at: readonly EpochMs[], gaps: readonly Gap[]): Map<number, Gap> {
  const before = new Map<number, Gap>()
  let index = 0
  for (const gap of gaps) {
    const middle = (gap.from + gap.to) / 2
    while (index < at.length && (at[index] ?? 0) <= middle) index += 1
    if (gap.edge === 'inside' && index > 0 && index < at.length) before.set(index, gap)
  }
  return before
}

/** Index ranges [first, last] of the stretches between gaps, so that no line or area is drawn across one. */
export function runsBetween(at: readonly EpochMs[], gaps: readonly Gap[]): [first: number, last: number][] {
  const breaks = gapsBefore(at, gaps)
  const runs: [number, number][] = []
  at.forEach((_, index) => {
    const current = runs.at(-1)
    if (!current || breaks.has(index)) runs.push([index, index])
    else current[1] = index
  })
  return runs
}

/** Gaps of both lists, ascending; those that overlap are one. */
export function joinGaps(some: readonly Gap[], others: readonly Gap[]): Gap[] {
  const joined: Gap[] = []
  for (const gap of [...some, ...others].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (!last || gap.from >= last.to) {
      joined.push({ ...gap })
      continue
    }
    last.to = Math.max(last.to, gap.to)
    if (last.edge === 'inside') last.edge = gap.edge
  }
  return joined
}

/** Index of the row nearest to an instant, or null when none lies within `withinMs`. */
export function nearestRow(at: readonly EpochMs[], instant: EpochMs, withinMs: number): number | null {
  let low = 0
  let high = at.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((at[middle] ?? 0) < instant) low = middle + 1
    else high = middle
  }
  const candidates = [low - 1, low].filter((index) => at[index] !== undefined)
  const distance = (index: number) => Math.abs((at[index] ?? 0) - instant)
  const best = candidates.sort((a, b) => distance(a) - distance(b))[0]
  return best !== undefined && distance(best) <= withinMs ? best : null
}
