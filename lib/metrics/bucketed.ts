import { SAMPLE_FIELDS, type Sample, type SampleField, type Series } from '@/lib/metrics/sample'
import type { Resolution } from '@/lib/metrics/tiers'
import type { Bytes, EpochMs } from '@/lib/units'

/** Fields that count what happened since the sample before: added up over a bucket, never averaged. */
export const COUNT_FIELDS: readonly SampleField[] = ['oomKills']

/** How much is told of a bucket: everything, or what a chart draws, which costs a third less. */
export const DETAILS = ['all', 'envelope'] as const
export type Detail = (typeof DETAILS)[number]

/** One field by bucket, each array as long as `BucketedSeries.at`. Null where the bucket's samples do not tell the field. */
export interface BucketColumns {
  min: (number | null)[]
  max: (number | null)[]
  avg: (number | null)[]
  /** Left out of an envelope. */
  last?: (number | null)[]
  /** How many samples tell it; 0 where the others are null. */
  count: number[]
  /** Of the fields in `COUNT_FIELDS` only. */
  sum?: (number | null)[]
}

/** A range of samples cut in buckets, as columns. Buckets without a sample are left out. */
export interface BucketedSeries {
  /** The range asked for, widened to whole buckets; `to` is exclusive. */
  from: EpochMs
  to: EpochMs
  bucketMs: number
  /** What the buckets were made of. */
  resolution: Resolution
  /** Start of each bucket, ascending. */
  at: EpochMs[]
  fields: { [field in SampleField]?: BucketColumns }
  /** The usual distance of what the buckets were made of; null with fewer than two. */
  stepMs: number | null
  /** Where nothing was measured, found before bucketing: a bucket that is left out between two slow samples is no gap. */
  gaps: { from: EpochMs; to: EpochMs; edge: 'inside' | 'start' | 'end' }[]
}

/** The largest processes of a range over time, each array as long as `at`. */
export interface ProcessSeries {
  from: EpochMs
  to: EpochMs
  bucketMs: number
  at: EpochMs[]
  /** Largest first. */
  processes: {
    pid: number
    comm: string
    /** Largest resident and swapped size together. */
    peak: Bytes
    /** Largest in the bucket; null while the process was not among those told. */
    rss: (Bytes | null)[]
    swap: (Bytes | null)[]
  }[]
}

/** The fullest memory cgroups of a range over time, each array as long as `at`. */
export interface CgroupSeries {
  from: EpochMs
  to: EpochMs
  bucketMs: number
  at: EpochMs[]
  /** Largest usage first. */
  cgroups: {
    path: string
    peak: Bytes
    /** Largest in the bucket; null while the cgroup was not among those told. */
    usage: (Bytes | null)[]
    /** Smallest in the bucket; null without a limit. */
    limit: (Bytes | null)[]
    swap: (Bytes | null)[]
    /** Kills in the bucket; null when the kernel does not count them. */
    oomKills: (number | null)[]
  }[]
}

/** What samples stand for more than themselves: the least and the greatest of every field in their stretch of time. */
export interface Extremes {
  /** One a sample, of the same instant. */
  least: Series
  greatest: Series
}

/**
 * A bucketed series as samples for a chart, one a bucket in its middle: the last values in it, because the layers of a
 * stack must be of one instant, with the extremes of all its samples beside them, so that no drop and no spike is lost.
 *
 * @param series with `detail: 'all'`
 */
export function toDrawnSamples(series: BucketedSeries): { samples: Series; extremes: Extremes } {
  const columns = (part: 'last' | 'min' | 'max') =>
    series.at.map((_, index) => sampleOf(series, index, (field) => (COUNT_FIELDS.includes(field) ? 'sum' : part)))
  return { samples: columns('last'), extremes: { least: columns('min'), greatest: columns('max') } }
}

function sampleOf(
  series: BucketedSeries,
  index: number,
  partOf: (field: SampleField) => 'last' | 'min' | 'max' | 'sum',
): Sample {
  const sample: Sample = { at: (series.at[index] ?? 0) + Math.floor(series.bucketMs / 2) }
  for (const field of SAMPLE_FIELDS) {
    const columns = series.fields[field]
    if (columns) sample[field] = columns[partOf(field)]?.[index] ?? null
  }
  return sample
}
