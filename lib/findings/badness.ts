import type { ReportReading } from '@/lib/findings/reading'
import type { Task } from '@/lib/oom/report'
import { type Pages, pagesToKib } from '@/lib/units'

/** One candidate with the points the kernel gives it. */
export interface Candidate {
  task: Task
  /** Pages; with the adjustment where it can be weighed. */
  points: number
  /** Pages the task itself holds: resident, swap, page tables. */
  ownPages: Pages
  /** `oom_score_adj` −1000, and the first process of the machine: never chosen. Linux oom_unkillable_task(). */
  isExempt: boolean
}

export interface Badness {
  /** Highest first; exempt ones last. */
  candidates: Candidate[]
  /** What an adjustment is a share of: RAM and swap, or the cgroup's limit; null when not in the report. */
  totalPages: Pages | null
  /** The terms this kernel counts, as the dump's columns show. */
  terms: ('rss' | 'swap' | 'page-tables')[]
  /** Null when the victim is not in the dump. */
  victimRank: number | null
  /** The victim's points as the score the kernel prints: thousandths of the total, with the root discount if that fits. */
  victimScores: number[]
  /** True when the victim comes first, or only behind tasks it beats once the 3 % discount for root is taken off. */
  isVictimFirst: boolean | null
}

/** Root's processes were forgiven 3 % until 4.17. Linux mm/oom_kill.c, oom_badness(). */
const ROOT_DISCOUNT = 0.03

/**
 * The kernel's choice redone from the task dump: resident, swap and page-table pages, plus `oom_score_adj` thousandths
 * of what there is. Coded for 2.6.36 and later, where the dump prints `oom_score_adj`.
 *
 * @returns null when the dump lacks the columns, or an adjustment would count and the total is not in the report
 * @see Linux mm/oom_kill.c, oom_badness()
 */
export function recomputeBadness(reading: ReportReading): Badness | null {
  const rows = reading.report.tasks
  if (!rows || rows.length === 0) return null
  const scored = rows.filter((row) => row.rssPages !== null && row.oomScoreAdj !== null)
  if (scored.length !== rows.length) return null
  const totalPages = totalOf(reading)
  const needsTotal = scored.some((row) => row.oomScoreAdj !== 0 && row.oomScoreAdj !== -1000)
  if (needsTotal && totalPages === null) return null
  const candidates = scored.map((task) => score(task, reading.pageSizeBytes, totalPages)).sort(byPoints)
  const victim = reading.kills.find((kill) => kill.pid !== null)?.pid ?? null
  const position = candidates.findIndex(({ task }) => task.pid === victim || task.tgid === victim)
  const isFound = victim !== null && position >= 0
  return {
    candidates,
    totalPages,
    terms: [
      'rss',
      ...(rows.some((row) => row.swapPages !== null) ? (['swap'] as const) : []),
      ...(rows.some((row) => row.pageTableBytes !== null || row.pageTablePages !== null)
        ? (['page-tables'] as const)
        : []),
    ],
    victimRank: isFound ? position + 1 : null,
    victimScores: scoresOf(candidates[position], totalPages),
    isVictimFirst: isFound ? comesFirst(candidates, position) : null,
  }
}

function scoresOf(victim: Candidate | undefined, totalPages: Pages | null): number[] {
  if (!victim || !totalPages) return []
  const inThousandths = (points: number) => Math.max(1, Math.floor((points * 1000) / totalPages))
  const discounted = victim.points - Math.floor(victim.points * ROOT_DISCOUNT)
  return [inThousandths(victim.points), ...(victim.task.uid === 0 ? [inThousandths(discounted)] : [])]
}

function score(task: Task, pageSizeBytes: number, totalPages: Pages | null): Candidate {
  const tables = task.pageTablePages ?? Math.floor((task.pageTableBytes ?? 0) / pageSizeBytes)
  const ownPages = (task.rssPages ?? 0) + (task.swapPages ?? 0) + tables
  const adjustment = task.oomScoreAdj ?? 0
  const points = ownPages + Math.trunc((adjustment * (totalPages ?? 0)) / 1000)
  return { task, points, ownPages, isExempt: adjustment === -1000 || task.pid === 1 }
}

function totalOf(reading: ReportReading): Pages | null {
  const pageKib = pagesToKib(1, reading.pageSizeBytes)
  if (reading.report.constraint === 'memcg' || reading.report.memcg) {
    const limit = reading.report.memcg?.memory?.limitKib ?? null
    return limit === null ? null : limit / pageKib
  }
  if (!reading.usable) return null
  if (!reading.swapTotal && reading.swap === 'unknown') return null
  return (reading.usable.kib + (reading.swapTotal?.kib ?? 0)) / pageKib
}

function comesFirst(candidates: Candidate[], position: number): boolean {
  const victim = candidates[position]
  if (!victim) return false
  return candidates.slice(0, position).every((other) => {
    if (other.isExempt || other.points === victim.points) return true
    return other.task.uid === 0 && victim.task.uid !== 0 && other.points * (1 - ROOT_DISCOUNT) <= victim.points
  })
}

function byPoints(a: Candidate, b: Candidate): number {
  if (a.isExempt !== b.isExempt) return a.isExempt ? 1 : -1
  return b.points - a.points || a.task.line - b.task.line
}
