import type { LineRange, Stamp } from '@/lib/logs/source'
import type { Bytes, Kib, Pages } from '@/lib/units'

/** What the allocation was limited to. `unknown`: the log does not say. Linux mm/oom_kill.c, oom_constraint_text[]. */
export type Constraint = 'none' | 'memcg' | 'cpuset' | 'memory-policy' | 'unknown'

/** Who sent the signal. */
export type Killer = 'kernel' | 'systemd-oomd' | 'earlyoom' | 'nohang' | 'oomd' | 'lmkd' | 'lowmemorykiller' | 'kubelet'

/** The task whose allocation asked for memory ("invoked oom-killer"). */
export interface Invoker {
  comm: string | null
  pid: number | null
}

/** One memory zone of one node, kB as printed. Linux mm/show_mem.c, show_free_areas(). */
export interface Zone {
  line: number
  /** Null when the report prints no node (2.6 without NUMA). */
  node: number | null
  name: string
  freeKib: Kib
  minKib: Kib | null
  lowKib: Kib | null
  highKib: Kib | null
  presentKib: Kib | null
  managedKib: Kib | null
  pagesScanned: number | null
  isUnreclaimable: boolean | null
  /** `lowmem_reserve[]` / `protections[]`, one entry per zone of the node. */
  lowmemReservePages: Pages[] | null
  /** Every `key:NkB` of the line as printed, the named ones included. */
  fieldsKib: Record<string, Kib>
}

/** Free blocks of a zone by size. Their sum is a checksum of the zone's `free`. */
export interface BuddyList {
  line: number
  node: number | null
  zone: string
  blocks: { sizeKib: Kib; count: number }[]
  /** The sum as printed after `=`. */
  totalKib: Kib
}

export interface HugePages {
  line: number
  node: number | null
  total: number
  free: number
  surplus: number
  sizeKib: Kib
}

/** A Mem-Info block: the whole machine at one instant. Null members were not printed. */
export interface MemoryInfo {
  swapFreeKib: Kib | null
  swapTotalKib: Kib | null
  ramPages: Pages | null
  reservedPages: Pages | null
  highMemPages: Pages | null
  /** `free:` of the machine-wide line. */
  freePages: Pages | null
  /** "204 total pagecache pages" */
  pageCachePages: Pages | null
  /** "8202 pages in swap cache" */
  swapCachePages: Pages | null
  /** `add A, delete D, find S/T` since boot. */
  swapCache: { add: number; delete: number; findSuccess: number; findTotal: number } | null
  /** Machine-wide counters by the kernel's name (`active_anon`, `slab_unreclaimable`, `mapped` …), in pages. */
  totalsPages: Record<string, Pages>
  /** `Node N active_anon:…kB …` lines summed over nodes, by the kernel's name. */
  nodesKib: Record<string, Kib>
  zones: Zone[]
  buddyLists: BuddyList[]
  hugePages: HugePages[]
  /** Line on which each of the scalar facts above was read, by member name. */
  lines: Record<string, number>
}

/** The cgroup whose limit was hit. Linux mm/memcontrol.c, mem_cgroup_print_oom_info(). */
export interface MemcgInfo {
  /** The group that hit its limit (`oom_memcg`, "as a result of limit of"). */
  limitPath: string | null
  /** Where the victim lived (`task_memcg`, "Task in"). */
  victimPath: string | null
  /** A null limit means "no limit" was printed (2^53 − 4096 and above). */
  memory: MemcgCounter | null
  memorySwap: MemcgCounter | null
  swap: MemcgCounter | null
  kmem: MemcgCounter | null
  /** `Memory cgroup stats for`: bytes by key, event counters as printed. Unknown keys are kept. */
  stats: Record<string, number>
  statsLine: number | null
}

export interface MemcgCounter {
  line: number
  usageKib: Kib
  limitKib: Kib | null
  failcnt: number
}

/** NUMA nodes as lists ("0-1,3"), null when not printed. Linux mm/oom_kill.c, dump_header(), dump_oom_summary(). */
export interface AllowedNodes {
  line: number
  /** Of the request's memory policy. */
  nodemask: string | null
  /** Name of the cpuset of the task that asked; "/" is that of the whole machine. */
  cpuset: string | null
  /** Nodes of that cpuset. */
  mems: string | null
}

/** One row of the task dump. Linux mm/oom_kill.c, dump_tasks(). Columns the kernel did not print are null. */
export interface Task {
  line: number
  pid: number
  tgid: number | null
  uid: number | null
  comm: string
  totalVmPages: Pages | null
  rssPages: Pages | null
  rssAnonPages: Pages | null
  rssFilePages: Pages | null
  rssShmemPages: Pages | null
  swapPages: Pages | null
  pageTableBytes: Bytes | null
  /** `nr_ptes` + `nr_pmds` (+ `nr_puds`): kernels 3.7 to 4.14 count pages. */
  pageTablePages: Pages | null
  oomScoreAdj: number | null
  /** `oom_adj`, kernels before 3.7: −17 … 15. */
  oomAdj: number | null
}

/** From the line that invokes the OOM killer to the kill line; may be cut at either end. */
export interface OomReport {
  /**
   * What made the kernel print it. `allocation-failure`: the same block after a failed allocation, nobody is killed;
   * `unknown`: the head is not in the text and nothing else tells.
   */
  trigger: 'oom' | 'allocation-failure' | 'unknown'
  /** Index in the order of reading, referred to by `Kill.report`. */
  index: number
  /** Where it stands, or begins when `continues` says that the file ends inside it. */
  lines: LineRange
  /**
   * Its rest in the next file of a rotated log. Line numbers in the report count on through it: one above `lines.to` by
   * n is its nth line (lib/oom/continued.ts). Null or missing for a report in one piece.
   */
  continues?: LineRange | null
  stamp: Stamp
  endStamp: Stamp
  host: string | null
  invoker: Invoker
  gfpMask: string | null
  gfpFlags: string | null
  order: number | null
  constraint: Constraint
  /** The line that names the constraint or the group: `oom-kill:constraint=`, "Task in … as a result of limit of". */
  constraintLine?: number | null
  /** The NUMA nodes that the request might use; null or missing when nothing is printed about them. */
  nodes?: AllowedNodes | null
  /** Release, e.g. `3.10.0-514.el7.x86_64`, as printed in the report. */
  kernel: string | null
  /** Of the smallest buddy block; null when the report gives no way to tell. */
  pageSizeBytes: Bytes | null
  memory: MemoryInfo | null
  memcg: MemcgInfo | null
  /** Null without a task dump. */
  tasks: Task[] | null
  /** `Unreclaimable slab info`, largest first as printed. */
  slabs: { name: string; usedKib: Kib; totalKib: Kib; line: number }[]
  /** True when the trigger is sysrq-f (`order=-1`). */
  isManual: boolean
  isPanic: boolean
  /** "Tasks in … are going to be killed due to memory.oom.group set": the whole group ends. Null or missing without it. */
  groupKillLine?: number | null
  /** Silences of 5 s and more inside the report, longest first; `line` is the first line after the silence. */
  silences: { line: number; ms: number }[]
  /** True when the trigger or the end is not in the text. */
  isCutAtStart: boolean
  isCutAtEnd: boolean
}

/**
 * Lines on which facts of a kill were read that do not stand on its own lines, counted as those of its report. A fact
 * that is missing here stands on the kill's own lines, or is not known.
 */
export interface KillSources {
  uid?: number
  constraint?: number
  cgroup?: number
  limitCgroup?: number
  invokerComm?: number
  invokerPid?: number
  gfpMask?: number
  order?: number
  oomScoreAdj?: number
}

/** One process killed. A fact not on its own lines or in its own report is null. */
export interface Kill {
  /** Index in the order of reading. */
  index: number
  /** Index of the report it belongs to; null when its report is not in the text. */
  report: number | null
  lines: LineRange
  /** "Kill process N (x) score S or sacrifice child", where the kernel prints its choice before the kill (until 4.18). */
  choice?: LineRange | null
  /** Missing for kills that were stored before it was told, and for those of other killers than the kernel. */
  readAt?: KillSources
  stamp: Stamp
  host: string | null
  by: Killer
  pid: number | null
  comm: string | null
  uid: number | null
  constraint: Constraint
  /** True when the kernel says that it took whoever asked (`vm.oom_kill_allocating_task`); false or missing otherwise. */
  isAllocatingTask?: boolean
  /** The victim's cgroup. */
  cgroup: string | null
  /** The cgroup whose limit was hit. */
  limitCgroup: string | null
  invoker: Invoker
  gfpMask: string | null
  order: number | null
  totalVmKib: Kib | null
  anonRssKib: Kib | null
  fileRssKib: Kib | null
  shmemRssKib: Kib | null
  pageTablesKib: Kib | null
  oomScoreAdj: number | null
  /** Printed `score`; per mille since 2.6.36, unbounded before. */
  score: number | null
  /** Userspace killers say why: the sentence as printed. */
  reason: string | null
  /** Other lines that tell of the same kill (reaper, systemd, kubelet). */
  echoes: LineRange[]
}

/** Something for the timeline that is neither a report nor a kill. */
export interface LogEvent {
  kind: EventKind
  stamp: Stamp
  host: string | null
  lines: LineRange
  /** The message as printed, without its envelope. */
  message: string
  severity: 'info' | 'sign' | 'critical'
  detail: Record<string, string | number | null>
}

export type EventKind =
  | 'boot'
  | 'booting'
  | 'shutdown'
  | 'clock-jump'
  | 'allocation-failure'
  | 'hung-task'
  | 'soft-lockup'
  | 'fork-failed'
  | 'oom-reaper'
  | 'panic'
  | 'oom-no-victim'
  | 'service-killed'
  | 'service-stopped'
  | 'service-started'
  | 'container-oom'
  | 'eviction'
  | 'runtime-oom'
  | 'low-memory'
  | 'suppressed'
  | 'obsolete-advice'
  | 'note'
  | 'snapshot'
  | 'alert'
  | 'kill-counted'
