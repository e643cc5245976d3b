import { allOf, leftOf } from '@/lib/incidents/signs/left'
import type { Point } from '@/lib/incidents/signs/signals'
import type { Series } from '@/lib/metrics/sample'
import type { Bytes, EpochMs } from '@/lib/units'

/** When RAM and swap would be used up, counted from the last sample, if it goes on like this. */
export interface Exhaustion {
  soonestMs: number
  likelyMs: number
  latestMs: number
  /** Lost each hour, by the median slope. */
  lossPerHour: Bytes
  /** What it rests on. */
  basedOn: { from: EpochMs; to: EpochMs; points: number }
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const LOOK_BACK_MS = 2 * HOUR
const LEAST_SPAN_MS = 30 * MINUTE
const LEAST_POINTS = 20
/** Longer series are thinned to medians: pairs grow with the square. */
const MOST_POINTS = 120
const FARTHEST_MS = 24 * HOUR
const LEAST_USED = 0.5
/** This share of all pairs must fall. Half of them do by chance. */
const AGREEMENT = 0.85
/** The last third must fall at this share of the whole slope or faster: what has levelled off runs nowhere. */
const STILL_FALLING = 0.4
/** A fall that slows down more than this from its first to its last third is taken to go on slowing down. */
const SLOWING = 0.85
/** The fall begins where this share of what is lost was still there; a calm before it never lost more than the other. */
const TOP = 0.1
const CALM = 0.15
const LEAST_FALL_MS = 20 * MINUTE
/** Slopes between these quantiles of all pairs make the band. */
const BAND = [0.1, 0.9] as const

/**
 * Theil–Sen: the median of the slopes between all pairs of points, which a third of odd points cannot move. It is told
 * only where at least 20 points over 30 minutes fall steadily, most of the memory is used, and it would be gone within
 * a day; null is "no steady trend".
 *
 * @param samples ascending; only the last two hours count
 */
export function timeToExhaustion(samples: Series): Exhaustion | null {
  const last = samples.at(-1)
  if (!last) return null
  const points = samples
    .filter(({ at }) => last.at - at <= LOOK_BACK_MS)
    .flatMap((sample) => {
      const left = leftOf(sample)
      return left === null ? [] : [{ at: sample.at, left }]
    })
  const all = samples.reduce<number | null>((known, sample) => allOf(sample) ?? known, null)
  const first = points[0]
  const end = points.at(-1)
  if (!first || !end || all === null || points.length < LEAST_POINTS || end.at - first.at < LEAST_SPAN_MS) return null

  const fall = fallAfterCalm(thin(points))
  const begun = fall[0] ?? first
  // What was steady over all of the time goes on as in the last part of it.
  const lately = fall.filter(({ at }) => end.at - at <= Math.max(LEAST_SPAN_MS, (end.at - begun.at) / 3))
  const slopes = slopesOf(lately)
  const slope = quantile(slopes, 0.5)
  const left = leftAtEnd(lately, slope)
  if (1 - left / all < LEAST_USED || !isSteady(fall) || settles(fall, left)) return null
  const [steep, gentle] = BAND.map((share) => quantile(slopes, share))
  const msUntilGone = (each: number | undefined) => (each === undefined || each >= 0 ? FARTHEST_MS : left / -each)
  const likelyMs = msUntilGone(slope)
  if (likelyMs >= FARTHEST_MS) return null
  return {
    soonestMs: msUntilGone(steep),
    likelyMs,
    latestMs: Math.min(FARTHEST_MS, msUntilGone(gentle)),
    lossPerHour: -slope * HOUR,
    basedOn: { from: begun.at, to: end.at, points: points.filter(({ at }) => at >= begun.at).length },
  }
}

/**
 * A leak begins after a calm, which is no part of it: what is left from there on, where that is long enough and nothing
 * before it was lower than calm is. A tide has been lower before.
 */
function fallAfterCalm(points: Point[]): Point[] {
  const most = Math.max(...points.map(({ left }) => left))
  const lost = most - (points.at(-1)?.left ?? most)
  const start = points.findLastIndex(({ left }) => left >= most - lost * TOP)
  const isCalm = points.slice(0, start).every(({ left }) => left >= most - lost * CALM)
  const fall = points.slice(start)
  const span = (fall.at(-1)?.at ?? 0) - (fall[0]?.at ?? 0)
  return isCalm && fall.length >= LEAST_POINTS && span >= LEAST_FALL_MS ? fall : points
}

function isSteady(points: readonly Point[]): boolean {
  const slopes = slopesOf(points)
  const slope = quantile(slopes, 0.5)
  if (slope >= 0) return false
  const falling = slopes.filter((each) => each < 0).length / slopes.length
  const late = quantile(slopesOf(points.slice(-Math.ceil(points.length / 3))), 0.5)
  return falling >= AGREEMENT && late <= slope * STILL_FALLING
}

/**
 * A cache or a pool that fills up: each third of the time falls by less than the one before, and what would still be
 * lost in that proportion is less than what is left.
 */
function settles(points: readonly Point[], left: Bytes): boolean {
  const size = Math.floor(points.length / 3)
  const early = quantile(slopesOf(points.slice(0, size)), 0.5)
  const late = quantile(slopesOf(points.slice(-size)), 0.5)
  if (early >= 0 || late >= 0) return false
  if (late / early > SLOWING) return false
  const span = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0)
  const decay = Math.log(early / late) / (span * (2 / 3))
  return -late / decay < left
}

/** Bytes a millisecond between all pairs, ascending. */
function slopesOf(points: readonly Point[]): number[] {
  const slopes: number[] = []
  points.forEach((later, index) => {
    for (const earlier of points.slice(0, index)) {
      if (later.at > earlier.at) slopes.push((later.left - earlier.left) / (later.at - earlier.at))
    }
  })
  return slopes.sort((a, b) => a - b)
}

/** The line through the median of what is left after taking the slope out, at the last point. */
function leftAtEnd(points: readonly Point[], slope: number): Bytes {
  const end = points.at(-1)?.at ?? 0
  const levels = points.map(({ at, left }) => left + slope * (end - at)).sort((a, b) => a - b)
  return Math.max(0, quantile(levels, 0.5))
}

function thin(points: Point[]): Point[] {
  const size = Math.ceil(points.length / MOST_POINTS)
  if (size === 1) return points
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) => {
    const group = points.slice(index * size, (index + 1) * size).sort((a, b) => a.left - b.left)
    return group[Math.floor(group.length / 2)]
  })
    .filter((point) => point !== undefined)
    .sort((a, b) => a.at - b.at)
}

/** @param sorted ascending, not empty */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
