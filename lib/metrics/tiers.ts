import type { EpochMs } from '@/lib/units'

/** Widths of the stored rollups, in milliseconds, finest first; each is a multiple of the one before. */
export const TIERS = [60_000, 600_000, 3_600_000, 21_600_000] as const
export type Tier = (typeof TIERS)[number]

/** Samples as they were measured, or one of the rollups. */
export type Resolution = 'raw' | Tier

/** How a range is cut for drawing: whole buckets, aligned to multiples of `bucketMs` since 1970, `to` exclusive. */
export interface Buckets {
  from: EpochMs
  to: EpochMs
  bucketMs: number
  resolution: Resolution
}

/**
 * At most `points` buckets over a range, made from the coarsest rollup that still fills each of them. A bucket is a
 * multiple of that rollup's width, so that it never holds a part of a rollup and its extremes are those of the samples.
 *
 * @param range from < to
 * @param points at least 2
 */
export function bucketsFor(range: { from: EpochMs; to: EpochMs }, points: number): Buckets {
  // An unaligned range touches one bucket more than fits into it.
  const narrowest = Math.max(1, Math.ceil((range.to - range.from) / (points - 1)))
  const tier = TIERS.findLast((width) => width <= narrowest)
  const unit = tier ?? 1
  const bucketMs = Math.ceil(narrowest / unit) * unit
  return {
    from: Math.floor(range.from / bucketMs) * bucketMs,
    to: (Math.floor(range.to / bucketMs) + 1) * bucketMs,
    bucketMs,
    resolution: tier ?? 'raw',
  }
}
