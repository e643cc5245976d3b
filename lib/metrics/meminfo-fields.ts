import type { SampleField } from '@/lib/metrics/sample'

/**
 * /proc/meminfo by the kernel's names: Linux fs/proc/meminfo.c, meminfo_proc_show(). The `HugePages_*` counts are no
 * amounts of memory and are left out.
 */
export const MEMINFO_FIELDS: Readonly<Record<string, SampleField>> = {
  MemTotal: 'memTotal',
  MemFree: 'memFree',
  MemAvailable: 'memAvailable',
  Buffers: 'buffers',
  Cached: 'cached',
  Shmem: 'shmem',
  AnonPages: 'anonPages',
  SReclaimable: 'sReclaimable',
  SUnreclaim: 'sUnreclaim',
  PageTables: 'pageTables',
  KernelStack: 'kernelStack',
  Committed_AS: 'committedAs',
  CommitLimit: 'commitLimit',
  Dirty: 'dirty',
  Writeback: 'writeback',
  SwapTotal: 'swapTotal',
  SwapFree: 'swapFree',
  SwapCached: 'swapCached',
}
