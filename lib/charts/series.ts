import type { TimeRange } from '@/lib/charts/time-scale'
import type { Series } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** A stretch without samples; `edge` tells a hole from a range that begins or ends without any. */
export interface Gap extends TimeRange {
  edge: 'inside' | 'start' | 'end'
  /** What the log says happened meanwhile; left out when it says nothing. */
  reason?: 'reboot'
}

/** Columns ascending by `at`; each value array is as long as `at`. A value is null where the source did not tell it. */
export interface Columns {
  at: EpochMs[]
  values: Record<string, (number | null)[]>
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

/**
 * Fewer rows that still hold the least and the greatest value in every stretch of time, for each field named in `by`:
 * rows are left out, never averaged, so no spike is lost. At most two rows a field and bucket.
 */
export function keepExtremes(columns: Columns, buckets: number, by = Object.keys(columns.values)): Columns {
  const { at, values } = columns
  const first = at[0]
  const last = at.at(-1)
  if (first === undefined || last === undefined || at.length <= buckets * 2) return columns
  const width = (last - first) / buckets || 1
  const kept = new Set([0, at.length - 1])
  for (const key of by) {
    const column = values[key] ?? []
    let bucket = -1
    let least = -1
    let greatest = -1
    at.forEach((time, index) => {
      const value = column[index] ?? null
      const here = Math.min(buckets - 1, Math.floor((time - first) / width))
      if (here !== bucket) {
        keep(kept, least, greatest)
        bucket = here
        least = -1
        greatest = -1
      }
      if (value === null) return
      if (least < 0 || value < (column[least] ?? value)) least = index
      if (greatest < 0 || value > (column[greatest] ?? value)) greatest = index
    })
    keep(kept, least, greatest)
  }
  const order = [...kept].sort((a, b) => a - b)
  return {
    at: order.map((index) => at[index] ?? first),
    values: Object.fromEntries(
      Object.entries(values).map(([key, column]) => [key, order.map((index) => column[index] ?? null)]),
    ),
  }
}

function keep(kept: Set<number>, least: number, greatest: number): void {
  if (least >= 0) kept.add(least)
  if (greatest >= 0) kept.add(greatest)
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

/** The instants of a series. */
export function timesOf(samples: Series): EpochMs[] {
  return samples.map((sample) => sample.at)
}
