import { readCharged } from '@/lib/findings/charged'
import type { Figure } from '@/lib/findings/figure'
import type { Kill, OomReport, Task } from '@/lib/oom/report'
import { type Bytes, type Kib, pagesToKib } from '@/lib/units'

/** Tasks of one program (or user) counted together. */
export interface TaskGroup {
  /** comm or uid. */
  name: string
  tasks: Task[]
  /** Resident, shared pages counted once for every task that maps them: an upper bound. */
  rssKib: Kib
  /** Resident memory that is a task's own where the dump tells it (6.8 and later), else the same as `rssKib`. */
  ownKib: Kib
  /** Null when the dump has no swap column. */
  swapKib: Kib | null
}

export interface TaskReading {
  rows: Task[]
  /** Largest first by `ownKib` and swap. */
  programs: TaskGroup[]
  users: TaskGroup[]
  /**
   * `whole`: the rows explain the anonymous memory that the report or its cgroup counts. `part`: they do not, the dump
   * was filtered or cut. `unknown`: the report gives nothing to compare with.
   */
  coverage: 'whole' | 'part' | 'unknown'
  /** Tasks share so many pages that the sizes of a program's tasks must not be added up. */
  isShared: boolean
}

/** Rows must explain this much of the anonymous memory to count as all of them. */
const WHOLE = 0.7
/** Sizes that add up to this many times what there is count shared pages again and again. */
const SHARED = 1.25

/** The machine's memory that tasks can hold; null: not in the report. */
export interface Holdable {
  /** Anonymous without shared memory. */
  anon: Figure | null
  /** Mapped file and shared pages. */
  mapped: Figure | null
  /** All process and file pages, where they are not told apart. */
  lru: Figure | null
}

export function readTasks(
  report: OomReport,
  kills: Kill[],
  pageSizeBytes: Bytes,
  machine: Holdable,
): TaskReading | null {
  const rows = report.tasks
  if (!rows || rows.length === 0) return null
  const groups = (nameOf: (task: Task) => string) => groupTasks(rows, nameOf, pageSizeBytes)
  return {
    rows,
    programs: groups((task) => task.comm),
    users: groups((task) => (task.uid === null ? 'unknown' : String(task.uid))),
    coverage: coverageOf(report, kills, pageSizeBytes, machine),
    isShared: isShared(report, pageSizeBytes, machine),
  }
}

export function rssOf(task: Task, pageSizeBytes: Bytes): Kib {
  return pagesToKib(task.rssPages ?? 0, pageSizeBytes)
}

function ownOf(task: Task, pageSizeBytes: Bytes): Kib {
  return task.rssAnonPages === null ? rssOf(task, pageSizeBytes) : pagesToKib(task.rssAnonPages, pageSizeBytes)
}

/** Resident and swapped memory, the size a group is ranked by. */
export function heldKib(group: TaskGroup): Kib {
  return group.ownKib + (group.swapKib ?? 0)
}

function groupTasks(rows: Task[], nameOf: (task: Task) => string, pageSizeBytes: Bytes): TaskGroup[] {
  const byName = new Map<string, Task[]>()
  for (const task of rows) {
    const name = nameOf(task)
    const tasks = byName.get(name)
    if (tasks) tasks.push(task)
    else byName.set(name, [task])
  }
  const groups = [...byName].map(([name, tasks]) => groupOf(name, tasks, pageSizeBytes))
  return groups.sort((a, b) => heldKib(b) - heldKib(a) || (a.name < b.name ? -1 : 1))
}

/** Only where the dump does not tell a task's own pages. */
function isShared(report: OomReport, pageSizeBytes: Bytes, machine: Holdable): boolean {
  const rows = report.tasks ?? []
  if (rows.some((task) => task.rssAnonPages !== null)) return false
  const usage = report.memcg?.memory?.usageKib ?? null
  const all = report.memcg
    ? usage
    : machine.anon
      ? machine.anon.kib + (machine.mapped?.kib ?? 0)
      : (machine.lru?.kib ?? null)
  if (all === null) return false
  return rows.reduce((total, task) => total + rssOf(task, pageSizeBytes), 0) > all * SHARED
}

/** Tasks counted together. */
export function groupOf(name: string, tasks: Task[], pageSizeBytes: Bytes): TaskGroup {
  const add = (sizeOf: (task: Task) => Kib) => tasks.reduce((total, task) => total + sizeOf(task), 0)
  const hasSwap = tasks.some((task) => task.swapPages !== null)
  return {
    name,
    tasks,
    rssKib: add((task) => rssOf(task, pageSizeBytes)),
    ownKib: add((task) => ownOf(task, pageSizeBytes)),
    swapKib: hasSwap ? add((task) => pagesToKib(task.swapPages ?? 0, pageSizeBytes)) : null,
  }
}

function coverageOf(
  report: OomReport,
  kills: Kill[],
  pageSizeBytes: Bytes,
  machine: Holdable,
): TaskReading['coverage'] {
  const rows = report.tasks ?? []
  const isVictimMissing = kills.some(
    (kill) => kill.pid !== null && !rows.some((task) => task.pid === kill.pid || task.tgid === kill.pid),
  )
  const charged = readCharged(report)?.anonKib ?? report.memcg?.memory?.usageKib ?? null
  const explained = rows.reduce((total, task) => total + ownOf(task, pageSizeBytes), 0)
  const toExplain = report.memcg ? charged : (machine.anon?.kib ?? null)
  if (toExplain !== null) return explained >= toExplain * WHOLE ? 'whole' : 'part'
  // Without the split, rows that explain all lists are whole; fewer may be, because files are on the lists too.
  if (machine.lru && explained >= machine.lru.kib * WHOLE) return 'whole'
  return isVictimMissing ? 'part' : 'unknown'
}
