import { env } from '@/lib/env'
import type { Resolution } from '@/lib/metrics/tiers'
import type { EpochMs } from '@/lib/units'

const DAY_MS = 86_400_000

/** Retention drops whole partitions: a day of samples, a month of rollups. */
export type PartitionUnit = 'day' | 'month'

/** Days that everything of this resolution is kept; null for ever. */
const DAYS: Record<Resolution, number | null> = {
  raw: env.OOMSCOPE_RAW_DAYS,
  60000: env.OOMSCOPE_MINUTE_DAYS,
  600000: env.OOMSCOPE_TEN_MINUTE_DAYS,
  3600000: null,
  21600000: null,
}

/**
 * From when on everything of this resolution is stored: the start of the partition in which its time of keeping ends.
 * Writing, reading and dropping agree on it. Null when nothing is ever dropped.
 */
export function keptSince(resolution: Resolution, now: EpochMs): EpochMs | null {
  const days = DAYS[resolution]
  if (days === null) return null
  return startOf(resolution === 'raw' ? 'day' : 'month', now - days * DAY_MS)
}

/** Midnight UTC of that day, or of the first of that month. */
export function startOf(unit: PartitionUnit, at: EpochMs): EpochMs {
  if (unit === 'day') return Math.floor(at / DAY_MS) * DAY_MS
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

/** The start of the unit after the one that begins at `start`. */
export function nextAfter(unit: PartitionUnit, start: EpochMs): EpochMs {
  if (unit === 'day') return start + DAY_MS
  const date = new Date(start)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}
