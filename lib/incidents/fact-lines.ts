import type { LineRange } from '@/lib/logs/source'
import type { Kill, KillSources, OomReport } from '@/lib/oom/report'

/**
 * The line on which a fact of a kill was read, counted as those of its report. Null when that is not known: the kernel's
 * kills were once stored without it, and a report may have been removed.
 *
 * @param report the one the kill belongs to; null when it is not there
 */
export function lineOfFact(kill: Kill, report: OomReport | null, fact: keyof KillSources): LineRange | null {
  if (kill.by !== 'kernel') return kill.lines
  if (!kill.readAt) return null
  const line = kill.readAt[fact]
  if (line === undefined) return kill.lines
  return report && { source: report.lines.source, from: line, to: line }
}

/** All lines on which facts of a kill were read away from its own. */
export function linesOfFacts(kill: Kill, report: OomReport | null): LineRange[] {
  if (!report) return []
  const lines = [...new Set(Object.values(kill.readAt ?? {}))].sort((a, b) => a - b)
  return lines.map((line) => ({ source: report.lines.source, from: line, to: line }))
}
