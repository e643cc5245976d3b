import type { ProcessList } from '@/lib/metrics/process'
import { type Bytes, bytesToKib, type EpochMs } from '@/lib/units'

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

/** Cgroups of a host at one instant, in the order told. */
export interface CgroupSample {
  at: EpochMs
  cgroups: MeasuredCgroup[]
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
