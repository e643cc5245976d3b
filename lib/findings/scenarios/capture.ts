import type { Sample, SampleField, Series } from '@/lib/metrics/sample'

/** What /proc/meminfo calls the fields. */
const NAMES: readonly [string, SampleField][] = [
  ['MemTotal', 'memTotal'],
  ['MemFree', 'memFree'],
  ['MemAvailable', 'memAvailable'],
  ['Buffers', 'buffers'],
  ['Cached', 'cached'],
  ['SwapTotal', 'swapTotal'],
  ['SwapFree', 'swapFree'],
  ['AnonPages', 'anonPages'],
  ['Shmem', 'shmem'],
  ['SReclaimable', 'sReclaimable'],
  ['SUnreclaim', 'sUnreclaim'],
  ['KernelStack', 'kernelStack'],
  ['PageTables', 'pageTables'],
  ['CommitLimit', 'commitLimit'],
  ['Committed_AS', 'committedAs'],
]

/** A series as `while date -Is; do cat /proc/meminfo; sleep …` leaves it; fields of other files are left out. */
export function writeMeminfo(samples: Series): string {
  return samples.map((sample) => `${new Date(sample.at).toISOString()}\n${blockOf(sample)}\n`).join('\n')
}

function blockOf(sample: Sample): string {
  return NAMES.flatMap(([name, field]) => {
    const bytes = sample[field]
    return bytes == null ? [] : [`${`${name}:`.padEnd(16)}${String(Math.round(bytes / 1024)).padStart(8)} kB`]
  }).join('\n')
}
