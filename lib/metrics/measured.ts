import type { ProcessList } from '@/lib/metrics/process'
import { type Bytes, bytesToKib, type EpochMs, kibToBytes } from '@/lib/units'

/** One process as an agent measured it. */
export interface MeasuredProcess {
  pid: number
  comm: string
  rss: Bytes
  /** Null when the kernel does not say (VmSwap came with Linux 2.6.34). */
  swap: Bytes | null
  oomScoreAdj: number | null
}

/** The largest processes of a host at one instant, in the order told. */
export interface ProcessSample {
  at: EpochMs
  processes: MeasuredProcess[]
}

/** One memory cgroup as an agent measured it. */
export interface MeasuredCgroup {
  /** From the root of the hierarchy, `/` first. */
  path: string
  usage: Bytes
  /** Null without a limit. */
  limit: Bytes | null
  swap: Bytes | null
  /** Kills in this cgroup since the sample before; null when the kernel does not count them. */
  oomKills: number | null
}

/** What one cgroup used and was allowed at an instant. */
export interface GroupSample {
  at: EpochMs
  usage: Bytes
  /** Null without a limit. */
  limit: Bytes | null
}

/** Cgroups of a host at one instant, in the order told. */
export interface CgroupSample {
  at: EpochMs
  cgroups: MeasuredCgroup[]
}

/** What one request of a foreign sender tells of a cgroup; null is what it does not tell. Amounts in bytes. */
export interface CgroupPart {
  path: string
  /** Namespace, pod and container (`shop/cart-7d9/app`), or a container's own name. */
  name: string | null
  usage: Bytes | null
  /** Usage without what the kernel would let go of first, as cAdvisor computes it. */
  workingSet: Bytes | null
  rss: Bytes | null
  cache: Bytes | null
  swap: Bytes | null
  limit: Bytes | null
  /** Since the sample before, as is the next. */
  oomKills: number | null
  /** How often usage hit the limit. */
  limitHits: number | null
}

/** Parts of one instant's list of a host. */
export interface CgroupParts {
  at: EpochMs
  cgroups: CgroupPart[]
}

/** The same as a process list of a file, for what reads those. An agent tells neither user nor parent. */
export function toProcessList({ at, processes }: ProcessSample): ProcessList {
  return {
    at,
    line: 0,
    rows: processes.map(({ pid, comm, rss, swap }) => ({
      pid,
      comm,
      user: null,
      ppid: null,
      rssKib: bytesToKib(rss),
      swapKib: swap === null ? null : bytesToKib(swap),
      vszKib: null,
      args: null,
    })),
  }
}

/** As many as anybody looks at; a list may hold every thread of a machine. */
const KEPT_OF_A_LIST = 50
const LONGEST_NAME = 256

/**
 * A file's process list as an agent would have measured it: its largest processes by resident and swapped size. Those
 * without a size are left out. Null for a list without an instant, or without sizes.
 */
export function measuredProcesses({ at, rows }: ProcessList): ProcessSample | null {
  if (at === null) return null
  const processes = rows
    .flatMap(({ pid, comm, rssKib, swapKib }): MeasuredProcess[] =>
      rssKib === null
        ? []
        : [
            {
              pid,
              comm: comm.slice(0, LONGEST_NAME),
              rss: kibToBytes(rssKib),
              swap: swapKib === null ? null : kibToBytes(swapKib),
              oomScoreAdj: null,
            },
          ],
    )
    .sort((a, b) => b.rss + (b.swap ?? 0) - a.rss - (a.swap ?? 0) || a.pid - b.pid)
    .slice(0, KEPT_OF_A_LIST)
  return processes.some(({ rss, swap }) => rss + (swap ?? 0) > 0) ? { at, processes } : null
}
