import type { OomReport } from '@/lib/oom/report'
import { bytesToKib, type Kib } from '@/lib/units'

/** What a cgroup's memory was, from `Memory cgroup stats`. Null: not printed. */
export interface Charged {
  line: number
  anonKib: Kib | null
  fileKib: Kib | null
  /** tmpfs and shared memory; part of the file pages. */
  shmemKib: Kib | null
  kernelKib: Kib | null
  limitKib: Kib | null
  /** What explains the limit when it is not the programs' own memory; `file` is page cache without shared memory. */
  dominant: { what: 'shmem' | 'kernel' | 'file'; kib: Kib; share: number } | null
}

/** Shared or kernel memory explains the limit from this share of it. */
const LARGE = 0.3

/** v2 prints `anon`, `file`, `kernel`; v1 `rss`, `cache`, with `total_` for the whole hierarchy. Null without stats. */
export function readCharged(report: OomReport): Charged | null {
  const memcg = report.memcg
  if (!memcg || memcg.statsLine === null) return null
  const kib = (...names: string[]): Kib | null => {
    const bytes = names.map((name) => memcg.stats[name]).find((value) => value !== undefined)
    return bytes === undefined ? null : bytesToKib(bytes)
  }
  const anonKib = kib('anon', 'total_rss', 'rss')
  const shmemKib = kib('total_shmem', 'shmem')
  const kernelKib = kib('kernel') ?? memcg.kmem?.usageKib ?? null
  const limitKib = memcg.memory?.limitKib ?? null
  const dominates = (what: 'shmem' | 'kernel' | 'file', held: Kib | null) =>
    held !== null && limitKib && held >= limitKib * LARGE && held > (anonKib ?? 0)
      ? { what, kib: held, share: held / limitKib }
      : null
  const fileKib = kib('file', 'total_cache', 'cache')
  const cacheKib = fileKib === null ? null : fileKib - (shmemKib ?? 0)
  return {
    line: memcg.statsLine,
    anonKib,
    fileKib,
    shmemKib,
    kernelKib,
    limitKib,
    dominant: dominates('shmem', shmemKib) ?? dominates('kernel', kernelKib) ?? dominates('file', cacheKib),
  }
}
