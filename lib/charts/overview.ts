import { intoRows } from '@/lib/charts/rows'
import type { Columns, Gap } from '@/lib/charts/series'
import type { TimeRange } from '@/lib/charts/time-scale'
import type { BucketedSeries } from '@/lib/metrics/bucketed'
import type { SampleField } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** Everything kept of a host, small: one line of memory left, and what happened to it. */
export interface OverviewModel {
  range: TimeRange
  /** What the line shows; null without samples. */
  field: string | null
  /** One column, `left`. */
  columns: Columns
  gaps: Gap[]
  /** End of the scale. */
  max: number
  incidents: TimeRange[]
  /** Ascending; those closer than can be told apart are one. */
  kills: EpochMs[]
}

export interface OverviewInput {
  /** Of `OVERVIEW_FIELDS`, with all details; null without samples. */
  series: BucketedSeries | null
  incidents: readonly { from: EpochMs; to: EpochMs; killTimes: readonly EpochMs[] }[]
}

/** What the line is drawn from, the better one first. */
export const OVERVIEW_FIELDS = ['memAvailable', 'memFree'] as const satisfies readonly SampleField[]
const NAMES: Record<(typeof OVERVIEW_FIELDS)[number], string> = { memAvailable: 'MemAvailable', memFree: 'Free memory' }
export const OVERVIEW_POINTS = 300
/** Kills closer than this share of the range are one rule. */
const RULE_SHARE = 1 / 600

/**
 * @param end where it ends at least: now, or the end of what is shown
 * @returns null when neither samples nor incidents with a time are known
 */
export function overviewModel({ series, incidents }: OverviewInput, end: EpochMs | null): OverviewModel | null {
  const field = OVERVIEW_FIELDS.find((each) => series?.fields[each]?.count.some((count) => count > 0))
  const instants = [
    ...(series && field ? [series.at[0] ?? series.from, series.at.at(-1) ?? series.to] : []),
    ...incidents.flatMap(({ from, to }) => [from, to]),
  ]
  if (instants.length === 0) return null
  const range = {
    from: instants.reduce((a, b) => Math.min(a, b)),
    to: [...instants, ...(end === null ? [] : [end])].reduce((a, b) => Math.max(a, b)),
  }
  if (range.from >= range.to) return null
  const told = field && series?.fields[field]
  const columns: Columns =
    told && series
      ? {
          at: series.at.map((at) => Math.min(range.to, Math.max(range.from, at + series.bucketMs / 2))),
          values: { left: told.last ?? told.avg },
          extremes: { left: { least: told.min, greatest: told.max } },
        }
      : { at: [], values: {}, extremes: {} }
  const gaps = (series?.gaps ?? []).flatMap((gap) => clipped(gap, range))
  return {
    range,
    field: field ? NAMES[field] : null,
    columns: intoRows(columns, OVERVIEW_POINTS, gaps),
    gaps,
    max: (columns.extremes.left?.greatest ?? []).reduce<number>((most, value) => Math.max(most, value ?? 0), 1),
    incidents: incidents.map(({ from, to }) => ({ from, to })),
    kills: thinned(
      incidents.flatMap(({ killTimes }) => killTimes),
      (range.to - range.from) * RULE_SHARE,
    ),
  }
}

function clipped(gap: Gap, range: TimeRange): Gap[] {
  const [from, to] = [Math.max(gap.from, range.from), Math.min(gap.to, range.to)]
  return from < to ? [{ ...gap, from, to }] : []
}

function thinned(instants: readonly EpochMs[], leastMs: number): EpochMs[] {
  const kept: EpochMs[] = []
  for (const at of [...instants].sort((a, b) => a - b)) {
    if (at - (kept.at(-1) ?? Number.NEGATIVE_INFINITY) >= leastMs) kept.push(at)
  }
  return kept
}

/** A range of at least `leastMs` inside of another: moved where it sticks out, shortened where it is longer. */
export function fitRange({ from, to }: TimeRange, outer: TimeRange, leastMs: number): TimeRange {
  const span = Math.min(Math.max(to - from, leastMs), outer.to - outer.from)
  const start = Math.min(Math.max(from, outer.from), outer.to - span)
  return { from: Math.round(start), to: Math.round(start + span) }
}
