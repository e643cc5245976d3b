import type { Sample, Series } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** Memory counts as back when this share of RAM is available, and of swap (where there is any) free. */
const BACK_AVAILABLE = 0.2
const BACK_SWAP = 0.2
const BACK_FOR_MS = 15 * 60_000
/** Samples further apart say nothing about the time between them. */
const LONGEST_STEP_MS = 5 * 60_000

/** True when samples between the two instants show memory and swap back for 15 minutes on end. */
export function isRecoveredBetween(samples: Series, from: EpochMs, to: EpochMs): boolean {
  return recoveryStart(samples, from, to) !== null
}

/** Start of the first 15 minutes between two instants in which memory and swap were back; null when none is shown. */
export function recoveryStart(samples: Series, from: EpochMs, to: EpochMs): EpochMs | null {
  let since: EpochMs | null = null
  let previous: EpochMs | null = null
  for (let index = firstAfter(samples, from); index < samples.length; index += 1) {
    const sample = samples[index]
    if (!sample || sample.at >= to) break
    if (previous !== null && sample.at - previous > LONGEST_STEP_MS) since = null
    previous = sample.at
    since = isBack(sample) ? (since ?? sample.at) : null
    if (since !== null && sample.at - since >= BACK_FOR_MS) return since
  }
  return null
}

function firstAfter(samples: Series, at: EpochMs): number {
  let low = 0
  let high = samples.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((samples[middle]?.at ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low
}

function isBack(sample: Sample): boolean {
  const { memTotal, memAvailable, swapTotal, swapFree } = sample
  if (!memTotal || memAvailable == null || memAvailable / memTotal < BACK_AVAILABLE) return false
  if (swapTotal == null) return false
  return swapTotal === 0 || (swapFree != null && swapFree / swapTotal >= BACK_SWAP)
}
