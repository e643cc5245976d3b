import type { MetricsReading } from '@/lib/metrics/formats/reading'
import {
  countsByProgram,
  heldByCgroup,
  heldByProgram,
  largestFamilies,
  largestHolders,
  largestMoment,
  type ProcessRow,
} from '@/lib/metrics/process'
import type { LogEvent } from '@/lib/oom/report'
import type { SourceHints } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

/**
 * What a tool's file tells beside samples, as rows of the timeline: the fullest process list with its totals by program
 * or, where it has no sizes, its largest families and commonest programs; what processes held open; what a control group
 * held. Without an instant there is no place for it.
 *
 * @param text that was read, for the lines it quotes
 */
export function evidenceOf(reading: MetricsReading, text: string, hints: SourceHints): LogEvent[] {
  const { processes, peak, openFiles, cgroup, snapshotAt } = reading
  const events: LogEvent[] = []
  const rows = largestMoment(processes)?.rows ?? []
  if (peak && peak.at !== null && rows.length > 0) {
    const held = heldByProgram(rows)
    const detail = held.programs === null ? { ...held, families: familiesAndCounts(rows) } : held
    events.push(snapshot(peak.at, peak, quoted(text, peak.line), detail))
  }
  const whole = { from: 1, to: reading.lines }
  const first = quoted(text, 1)
  if (openFiles.length > 0 && snapshotAt !== null) {
    const files = openFiles.reduce((sum, row) => sum + row.files, 0)
    const holders = largestHolders(openFiles)
    events.push(snapshot(snapshotAt, whole, first, { processes: openFiles.length, files, holders }))
  }
  const amounts = cgroup && heldByCgroup(cgroup)
  if (amounts && snapshotAt !== null) events.push(snapshot(snapshotAt, whole, first, { amounts }))
  return events

  function snapshot(
    at: EpochMs,
    { from, to }: { from: number; to: number },
    message: string,
    detail: LogEvent['detail'],
  ): LogEvent {
    return {
      kind: 'snapshot',
      stamp: { text: null, at, uptimeSeconds: null },
      host: reading.host ?? hints.host,
      lines: { source: hints.name, from, to },
      message,
      severity: 'info',
      detail,
    }
  }
}

function familiesAndCounts(rows: ProcessRow[]): string | null {
  const told = [largestFamilies(rows), countsByProgram(rows)].filter((part) => part !== null)
  return told.length > 0 ? told.join(' · ') : null
}

function quoted(text: string, line: number): string {
  return (text.split('\n', line)[line - 1] ?? '').trim()
}
