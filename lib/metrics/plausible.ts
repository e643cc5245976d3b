import type { ProcessRow } from '@/lib/metrics/process'
import { SAMPLE_FIELDS, type SampleField } from '@/lib/metrics/sample'
import { type EpochMs, formatCount } from '@/lib/units'

export type SampleFields = { [field in SampleField]?: number | null }

/** Why a set of numbers cannot be one instant of a machine. */
export interface Implausibility {
  field: SampleField | 'at'
  detail: string
}

// 8 PiB: above every machine, below the counters that wrapped to 2^64 and what a double holds exactly.
const LARGEST_MEMORY_BYTES = 2 ** 53

const SHARES_OF_MEMORY = [
  'memFree',
  'memAvailable',
  'memUsed',
  'buffers',
  'cached',
  'anonPages',
  'sReclaimable',
] as const

/** Fields that are neither bytes nor bytes per second, with the largest value that makes sense. */
const OTHER_LIMITS: { [field in SampleField]?: number } = {
  majorFaultsPerSec: 1e9,
  allocStallPerSec: 1e9,
  oomKills: 1e9,
  load1: 1e7,
  load5: 1e7,
  load15: 1e7,
  psiMemSomeAvg10: 100,
  psiMemFullAvg10: 100,
}

/**
 * The first thing in these fields that no machine can show: below zero, not a number, beyond any size, or a part above
 * its whole. Null when all may be true.
 */
export function findImplausible(fields: SampleFields): Implausibility | null {
  for (const field of SAMPLE_FIELDS) {
    const value = fields[field]
    if (value === null || value === undefined) continue
    if (!Number.isFinite(value)) return { field, detail: 'Not a number.' }
    if (value < 0) return { field, detail: `Below zero (${value}).` }
    const limit = OTHER_LIMITS[field]
    if (limit !== undefined ? value > limit : value >= LARGEST_MEMORY_BYTES)
      return { field, detail: limit === 100 ? `Above 100 % (${value}).` : `Larger than any machine has (${value}).` }
  }
  return partAboveWhole(fields)
}

function partAboveWhole(fields: SampleFields): Implausibility | null {
  const { memTotal, swapTotal, swapFree, swapCached, psiMemSomeAvg10, psiMemFullAvg10 } = fields
  if (memTotal !== null && memTotal !== undefined)
    for (const field of SHARES_OF_MEMORY) {
      const value = fields[field]
      if (value !== null && value !== undefined && value > memTotal)
        return { field, detail: `${formatCount(value)} is larger than memTotal (${formatCount(memTotal)}).` }
    }
  if (isNumber(swapTotal) && isNumber(swapFree) && swapFree > swapTotal)
    return {
      field: 'swapFree',
      detail: `${formatCount(swapFree)} is larger than swapTotal (${formatCount(swapTotal)}).`,
    }
  if (isNumber(swapTotal) && isNumber(swapCached) && swapCached > swapTotal)
    return {
      field: 'swapCached',
      detail: `${formatCount(swapCached)} is larger than swapTotal (${formatCount(swapTotal)}).`,
    }
  // Two averages of one file are printed at one instant, so "full" never passes "some" by more than the rounding.
  if (isNumber(psiMemSomeAvg10) && isNumber(psiMemFullAvg10) && psiMemFullAvg10 > psiMemSomeAvg10 + 0.1)
    return {
      field: 'psiMemFullAvg10',
      detail: `${psiMemFullAvg10} is larger than psiMemSomeAvg10 (${psiMemSomeAvg10}).`,
    }
  return null
}

function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined
}

// Linux is from 1991; a clock without battery says 1970 or 1980, one with a wrong century 2100 and later.
const EARLIEST: EpochMs = Date.UTC(1991, 0, 1)
const LATEST: EpochMs = Date.UTC(2100, 0, 1)

/** False for instants that only a broken clock prints (1900, 1970, 9999). */
export function isPlausibleInstant(at: EpochMs): boolean {
  return at >= EARLIEST && at < LATEST
}

const LARGEST_PID = 2 ** 31

/** Why a row of a process list cannot be true: a number no kernel gives out, or a size no machine has. Null when it may be. */
export function findImplausibleProcess({
  pid,
  rssKib,
  swapKib,
  vszKib,
}: Pick<ProcessRow, 'pid' | 'rssKib' | 'swapKib' | 'vszKib'>): string | null {
  if (!Number.isInteger(pid) || pid < 0 || pid >= LARGEST_PID) return `${pid} is no process id.`
  const sizes = { rssKib, swapKib, vszKib }
  for (const [name, kib] of Object.entries(sizes)) {
    if (kib === null) continue
    // Address space is virtual: only what is resident or swapped is bounded by machines.
    const largest = name === 'vszKib' ? 2 ** 63 : LARGEST_MEMORY_BYTES
    if (!(kib >= 0 && kib * 1024 < largest)) return `${name}: larger than any machine has, or below zero (${kib}).`
  }
  return null
}
