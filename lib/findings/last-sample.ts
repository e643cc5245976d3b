import type { IncidentFacts } from '@/lib/incidents/incident'
import type { Series } from '@/lib/metrics/sample'
import { bytesToKib, type EpochMs, type Kib } from '@/lib/units'

/** What was left of the machine shortly before the first kill, by its samples. */
export interface LastSample {
  at: EpochMs
  availableKib: Kib
  totalKib: Kib
  /** Null where the sample does not tell of swap. */
  swapFreeKib: Kib | null
  swapTotalKib: Kib | null
  /** Hardly any memory was available, and hardly any swap (or none at all) was free. */
  isUsedUp: boolean
}

/** An older sample says nothing about the kill. */
const NEAR_MS = 5 * 60_000
const LITTLE_MEMORY = 0.05
const LITTLE_SWAP = 0.05

/** @param samples ascending; null without one that tells of available memory in the five minutes before the kill */
export function lastSampleBefore(facts: IncidentFacts, samples: Series): LastSample | null {
  const killedAt = facts.kills.find((kill) => kill.stamp.at !== null)?.stamp.at ?? null
  if (killedAt === null) return null
  const isNear = (at: EpochMs) => at <= killedAt && killedAt - at <= NEAR_MS
  const sample = samples.findLast(({ at, memAvailable, memTotal }) => isNear(at) && memAvailable != null && !!memTotal)
  if (sample?.memAvailable == null || !sample.memTotal) return null
  const { at, memAvailable, memTotal, swapFree = null, swapTotal = null } = sample
  const isSwapOut = swapTotal === 0 || (swapTotal !== null && swapFree !== null && swapFree / swapTotal < LITTLE_SWAP)
  return {
    at,
    availableKib: bytesToKib(memAvailable),
    totalKib: bytesToKib(memTotal),
    swapFreeKib: swapFree === null ? null : bytesToKib(swapFree),
    swapTotalKib: swapTotal === null ? null : bytesToKib(swapTotal),
    isUsedUp: memAvailable / memTotal < LITTLE_MEMORY && isSwapOut,
  }
}
