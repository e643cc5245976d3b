import type { PrintedInstant } from '@/lib/metrics/formats/clock'
import { parseNumber } from '@/lib/metrics/formats/numbers'
import { parseStampLine } from '@/lib/metrics/formats/stamp-lines'
import type { SysstatCells } from '@/lib/metrics/formats/sysstat'

/** Names in sadf's JSON and XML that are sar's columns under another name. sysstat json_stats.c, xml_stats.c. */
const COLUMN_NAMES: Record<string, string> = {
  memfree: 'kbmemfree',
  avail: 'kbavail',
  memused: 'kbmemused',
  'memused-percent': '%memused',
  buffers: 'kbbuffers',
  cached: 'kbcached',
  commit: 'kbcommit',
  dirty: 'kbdirty',
  anonpg: 'kbanonpg',
  slab: 'kbslab',
  kstack: 'kbkstack',
  pgtbl: 'kbpgtbl',
  shmem: 'kbshmem',
  swpfree: 'kbswpfree',
  swpused: 'kbswpused',
  swpcad: 'kbswpcad',
  pswpin: 'pswpin/s',
  pswpout: 'pswpout/s',
  majflt: 'majflt/s',
  'ldavg-1': 'ldavg-1',
  'ldavg-5': 'ldavg-5',
  'ldavg-15': 'ldavg-15',
}

/** Averages carry the same names for processor, disk and memory; only these are memory's. */
const PRESSURE_NAMES: Record<string, string> = {
  some_avg10: '%smem-10',
  some_avg_10: '%smem-10',
  full_avg10: '%fmem-10',
  full_avg_10: '%fmem-10',
}

/** The groups of sadf's JSON and XML that hold memory, swap, paging and load of the host. */
export const MEMORY_GROUPS = ['memory', 'swap-pages', 'paging', 'queue', 'psi-mem'] as const
export type MemoryGroup = (typeof MEMORY_GROUPS)[number]

/** Takes a value of a group into the cells of its instant, under sar's name; values that are no column are left out. */
export function takeCell(cells: SysstatCells, group: MemoryGroup, name: string, value: string): void {
  const column = (group === 'psi-mem' ? PRESSURE_NAMES : COLUMN_NAMES)[name]
  if (column) cells.set(column, parseNumber(value))
}

/** `{date, time, utc: 1}` and its kin: UTC when `utc` is 1 or a zone says so, else local time. */
export function sadfInstant(
  date: string,
  time: string,
  utc: string | null,
  zone: string | null,
): PrintedInstant | null {
  return parseStampLine(`${date} ${time}${utc === '1' ? ' UTC' : zone ? ` ${zone}` : ''}`)
}
