import type { EpochMs } from '@/lib/units'

/** One reading of a counter that only grows until its machine restarts. */
export interface CounterReading {
  at: EpochMs
  value: number
}

/**
 * How much a counter grew between two readings. After a reset (the value went back) all of the new value came since, so
 * that is the increase: never negative, at most too small. Null without an earlier reading.
 */
export function increase(before: CounterReading | null, now: CounterReading): number | null {
  if (before === null || now.at <= before.at) return null
  return now.value >= before.value ? now.value - before.value : now.value
}

/** The increase divided by the seconds between; null without an earlier reading. */
export function ratePerSecond(before: CounterReading | null, now: CounterReading): number | null {
  const grown = increase(before, now)
  return grown === null || before === null ? null : grown / ((now.at - before.at) / 1000)
}
