import { gapMs, type Moment } from '@/lib/logs/dating'
import type { Stamp } from '@/lib/logs/source'
import type { KillRecord } from '@/lib/oom/facts'
import { readAllowedNodes } from '@/lib/oom/kernel/allowed-nodes'
import type { KilledLine } from '@/lib/oom/kernel/kill-line'
import { emptyMemoryInfo, hasMemoryFacts, smallestBlockKib } from '@/lib/oom/kernel/mem-info'
import type { MemcgReading, OomKillLine } from '@/lib/oom/kernel/memcg'
import type { TaskColumns } from '@/lib/oom/kernel/task-dump'
import type { TaskLine, Trigger } from '@/lib/oom/kernel/trigger'
import type { Constraint, MemoryInfo, OomReport, Task } from '@/lib/oom/report'
import type { Entry } from '@/lib/oom/source'

/** Longest time that may pass inside a report. The slowest known one was written within 136 s. */
const MAX_SILENCE_MS = 600_000
/** Lines of the same writer that may lie between two parts of a report when no clock tells. */
const MAX_LINES_APART = 2_000
const SILENCE_MS = 5_000

/** A report while its lines come in. */
export interface Draft {
  report: OomReport
  trigger: Trigger | null
  triggerText: string
  memory: MemoryInfo
  memcg: MemcgReading
  /** The line that names the task on the CPU. */
  taskLine: number | null
  columns: TaskColumns | null
  tasks: Task[] | null
  oomKill: OomKillLine | null
  oomKillEntry: Entry | null
  /** Set by "Tasks in … are going to be killed due to memory.oom.group set". */
  isGroupKill: boolean
  kills: KillRecord[]
  isInSlabList: boolean
  /** Its kill line is there, but tells of a process whose kill is known already. */
  isEnded: boolean
  /** The text tells this report a second time. */
  isRepeat: boolean
  /** A person asked for the figures of memory (sysrq-m); nothing ran out. */
  isAsked: boolean
  moment: Moment
  startMoment: Moment
  /** Recognised lines so far, the first included. */
  size: number
  lastLine: number
  /** Stamps are made when the report is complete, because they are remembered for good. */
  first: Entry
  last: Entry
}

const NO_STAMP: Stamp = { text: null, at: null, uptimeSeconds: null }

/** Starts a report at an entry: at its trigger, or at whatever is left of it. */
export function openDraft(entry: Entry, source: string, trigger: Trigger | null): Draft {
  return {
    report: {
      index: 0,
      trigger: trigger?.kind ?? 'unknown',
      lines: { source, from: entry.from, to: entry.to },
      stamp: NO_STAMP,
      endStamp: NO_STAMP,
      host: entry.host,
      invoker: { comm: trigger?.comm ?? null, pid: trigger?.pid ?? null },
      gfpMask: trigger?.gfpMask ?? null,
      gfpFlags: trigger?.gfpFlags ?? null,
      order: trigger?.order ?? null,
      constraint: 'unknown',
      constraintLine: null,
      nodes: trigger ? readAllowedNodes(entry.message.trim(), entry.from) : null,
      kernel: null,
      pageSizeBytes: null,
      memory: null,
      memcg: null,
      tasks: null,
      slabs: [],
      isManual: trigger?.kind === 'oom' && trigger.order === -1,
      isPanic: false,
      silences: [],
      isCutAtStart: trigger === null,
      isCutAtEnd: true,
    },
    trigger,
    triggerText: entry.message,
    memory: emptyMemoryInfo(),
    memcg: { memcg: null, pathLine: null, isInStats: false, statsHeaders: 0, statsPath: null },
    taskLine: null,
    columns: null,
    tasks: null,
    oomKill: null,
    oomKillEntry: null,
    isGroupKill: false,
    kills: [],
    isInSlabList: false,
    isEnded: false,
    isRepeat: false,
    isAsked: false,
    moment: entry.moment,
    startMoment: entry.moment,
    size: 1,
    lastLine: entry.to,
    first: entry,
    last: entry,
  }
}

/** Counts an entry as part of the report. */
export function extendDraft(draft: Draft, entry: Entry): void {
  const gap = gapMs(draft.moment, entry.moment)
  if (gap !== null && gap >= SILENCE_MS) draft.report.silences.push({ line: entry.from, ms: Math.round(gap) })
  draft.moment = entry.moment
  draft.report.lines.to = Math.max(draft.report.lines.to, entry.to)
  draft.lastLine = Math.max(draft.lastLine, entry.to)
  draft.last = entry
  draft.size += 1
}

/** True when so much lies between the draft and the entry that they cannot be one report. */
export function isFarFrom(draft: Draft, entry: Entry): boolean {
  const gap = gapMs(draft.moment, entry.moment)
  if (gap !== null) return Math.abs(gap) > MAX_SILENCE_MS
  return entry.from - draft.lastLine > MAX_LINES_APART
}

/** True when the kill line can be the end of this report: no fact of one contradicts the other. */
export function mayEndWith(draft: Draft, killed: KilledLine): boolean {
  if (draft.report.trigger === 'allocation-failure') return false
  if (draft.kills.length > 0) return draft.isGroupKill
  if (draft.oomKill?.pid != null && draft.oomKill.pid === killed.pid) return true
  if (draft.oomKill?.pid != null && killed.pid !== null && draft.oomKill.pid !== killed.pid) {
    if (draft.oomKill.comm !== killed.comm) return false
  }
  const seen = constraintOf(draft)
  if (killed.constraint === 'memcg') return seen === 'memcg' || seen === 'unknown'
  if (killed.constraint === 'none') return seen !== 'memcg' || draft.oomKill !== null
  return true
}

/** What the lines before the kill say about the constraint. */
export function constraintOf(draft: Draft): Constraint {
  if (draft.oomKill && draft.oomKill.constraint !== 'unknown') return draft.oomKill.constraint
  const { memcg } = draft.memcg
  if (memcg?.limitPath || memcg?.memory || memcg?.statsLine) return 'memcg'
  return 'unknown'
}

/** Takes the pid of the task that printed the report from its CPU line, if that line is this report's. */
export function readTask(draft: Draft, task: TaskLine, line: number): void {
  if (draft.trigger?.comm != null && draft.trigger.comm !== task.comm) return
  if (draft.report.invoker.pid !== null || draft.kills.length > 0) return
  draft.report.invoker = { comm: draft.trigger?.comm ?? task.comm, pid: task.pid }
  draft.taskLine = line
  if (task.release) draft.report.kernel = task.release
}

/** Completes the report with what can only be known at its end. */
export function closeDraft(draft: Draft): OomReport {
  const { report } = draft
  report.memory = hasMemoryFacts(draft.memory) ? draft.memory : null
  report.memcg = draft.memcg.memcg
  report.tasks = draft.tasks
  if (report.memcg && draft.oomKill) {
    report.memcg.limitPath ??= draft.oomKill.limitPath
    report.memcg.victimPath ??= draft.oomKill.victimPath
  }
  // The first list of statistics is of the group that hit its limit.
  if (report.memcg) report.memcg.limitPath ??= draft.memcg.statsPath
  const seen = constraintOf(draft)
  report.constraint = seen !== 'unknown' ? seen : (draft.kills[0]?.kill.constraint ?? 'unknown')
  report.constraintLine = draft.oomKillEntry?.from ?? draft.memcg.pathLine
  report.isCutAtEnd =
    draft.kills.length === 0 && !draft.isEnded && !report.isPanic && report.trigger !== 'allocation-failure'
  if (report.trigger === 'unknown' && (draft.kills.length > 0 || draft.oomKill || report.isPanic))
    report.trigger = 'oom'
  report.stamp = draft.first.stamp()
  report.endStamp = draft.last === draft.first ? report.stamp : draft.last.stamp()
  const block = smallestBlockKib(draft.memory.buddyLists)
  report.pageSizeBytes = block !== null ? block * 1024 : pageSizeFromVictim(draft)
  report.silences.sort((a, b) => b.ms - a.ms)
  return report
}

/**
 * The page size by which the victim's resident pages in the task dump make the kibibytes of its kill line; null when
 * they make none of the sizes Linux uses.
 */
function pageSizeFromVictim(draft: Draft): number | null {
  const kill = draft.kills[0]?.kill
  const row = draft.tasks?.find((task) => task.pid === kill?.pid)
  if (!kill || !row?.rssPages || kill.anonRssKib === null || kill.fileRssKib === null) return null
  const kib = kill.anonRssKib + kill.fileRssKib + (kill.shmemRssKib ?? 0)
  const size = [4, 8, 16, 64].find((pageKib) => Math.abs(kib / (row.rssPages ?? 1) - pageKib) < pageKib * 0.02)
  return size === undefined ? null : size * 1024
}
