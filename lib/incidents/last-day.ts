import type { BucketedSeries } from '@/lib/metrics/bucketed'
import type { SampleField } from '@/lib/metrics/sample'
import type { Bytes, EpochMs } from '@/lib/units'

/** An extreme of a stretch of time, and the start of the bucket that it lies in. */
interface Extreme {
  value: number
  at: EpochMs
}

/** How bad a day was. Each is null where it was not measured. */
export interface LastDay {
  leastAvailable: Extreme | null
  /** Largest `SwapTotal − SwapFree`. */
  mostSwapUsed: Extreme | null
  /** Percent, over 10 s. */
  mostPressure: Extreme | null
  /** Bytes a second. */
  mostSwapIn: Extreme | null
}

export const LAST_DAY_FIELDS = [
  'memAvailable',
  'swapTotal',
  'swapFree',
  'swapInPerSec',
  'psiMemSomeAvg10',
] as const satisfies readonly SampleField[]

/** The worst of a series of `LAST_DAY_FIELDS`. */
export function lastDay({ at, fields }: BucketedSeries): LastDay {
  const worst = (values: readonly (number | null)[] | undefined, isWorse: (a: number, b: number) => boolean) =>
    (values ?? []).reduce<Extreme | null>((found, value, bucket) => {
      if (value === null || (found && !isWorse(value, found.value))) return found
      return { value, at: at[bucket] ?? 0 }
    }, null)
  const more = (a: number, b: number) => a > b
  const less = (a: number, b: number) => a < b
  const used = fields.swapFree?.min.map((free, bucket): Bytes | null => {
    const total = fields.swapTotal?.max[bucket] ?? null
    return free === null || total === null || total === 0 ? null : Math.max(0, total - free)
  })
  return {
    leastAvailable: worst(fields.memAvailable?.min, less),
    mostSwapUsed: worst(used, more),
    mostPressure: worst(fields.psiMemSomeAvg10?.max, more),
    mostSwapIn: worst(fields.swapInPerSec?.max, more),
  }
}
