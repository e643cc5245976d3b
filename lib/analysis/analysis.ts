import type { Assumption, Warning } from '@/lib/logs/source'
import type { Sample } from '@/lib/metrics/sample'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import type { EpochMs, Kib } from '@/lib/units'

export type FileKind = 'log' | 'samples' | 'snapshot' | 'unsupported-binary' | 'unknown'

/** Every line of a source is in exactly one of these. */
export interface LineAccount {
  lines: number
  /** Part of a report, a kill or an event, or a sample. */
  recognised: number
  /** Kept beside them: traces, registers, other lines inside a report. */
  context: number
  /** Not about memory. */
  ignored: number
  /** Looks like memory trouble and was not understood. */
  suspicious: number
}

/** Lines not understood, by shape (digits as N). */
export interface SuspiciousShape {
  shape: string
  count: number
  firstLines: number[]
}

export interface ProcessRow {
  pid: number
  comm: string
  user: string | null
  ppid: number | null
  rssKib: Kib | null
  swapKib: Kib | null
}

/** All that was understood of one file or stream: the parser's whole answer, before anything is stored. */
export interface FileAnalysis {
  name: string
  kind: FileKind
  /** Most frequent way lines are carried, e.g. `rfc3164`, `dmesg`. */
  envelope: string | null
  account: LineAccount
  host: string | null
  /** All hosts named by lines, with their line counts, most frequent first. */
  hosts: { host: string; lines: number }[]
  kernel: string | null
  from: EpochMs | null
  to: EpochMs | null
  assumed: Assumption[]
  reports: OomReport[]
  kills: Kill[]
  events: LogEvent[]
  samples: Sample[]
  processes: { at: EpochMs | null; rows: ProcessRow[] } | null
  shapes: SuspiciousShape[]
  /** What stands where: the class of each of up to 200 equal stretches of lines, for the shape bar. */
  strip: ('kill' | 'recognised' | 'context' | 'suspicious' | 'ignored')[]
  warnings: Warning[]
}
