import type { EpochMs } from '@/lib/units'

/** Bytes unless the name says otherwise; the kernel's names in camelCase. Order is that of the store's columns. */
export const SAMPLE_FIELDS = [
  'memTotal',
  'memFree',
  'memAvailable',
  'memUsed',
  'buffers',
  'cached',
  'shmem',
  'anonPages',
  'sReclaimable',
  'sUnreclaim',
  'pageTables',
  'kernelStack',
  'committedAs',
  'commitLimit',
  'dirty',
  'writeback',
  'swapTotal',
  'swapFree',
  'swapCached',
  'swapInPerSec',
  'swapOutPerSec',
  'majorFaultsPerSec',
  'allocStallPerSec',
  'oomKills',
  'load1',
  'load5',
  'load15',
  'psiMemSomeAvg10',
  'psiMemFullAvg10',
] as const

export type SampleField = (typeof SAMPLE_FIELDS)[number]

/** One instant of a host's memory. A field the source does not tell is null or absent, never 0. */
export type Sample = { at: EpochMs } & { [field in SampleField]?: number | null }

/** Ascending by `at`, one sample an instant. */
export type Series = Sample[]

/** A sample whose file gives no date: its numbers stand, its instant is unknown. */
export type UndatedSample = {
  /** Time of day as printed, e.g. `02:41:46`; null when the file prints none. */
  timeText: string | null
} & { [field in SampleField]?: number | null }
