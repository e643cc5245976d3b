import type { CgroupMemory, OpenFilesRow, ProcessList } from '@/lib/metrics/process'
import type { Sample, UndatedSample } from '@/lib/metrics/sample'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import type { Assumption, Warning } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

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
  /** Samples of a file that does not say when they were taken, in file order; never stored, always counted. */
  undated: UndatedSample[]
  /** The list in which the largest process was largest; null without a process list. */
  processes: ProcessList | null
  /** Every list of the file, in file order, the one above among them. */
  processHistory: ProcessList[]
  /** What was measured on other hosts of a log that holds several. Missing where there is no such log. */
  elsewhere?: { host: string; samples: Sample[]; processHistory: ProcessList[] }[]
  /** What processes held open (lsof), most files first. */
  openFiles: OpenFilesRow[]
  /** Counters of one control group (`memory.stat`); never the host's memory. */
  cgroup: CgroupMemory | null
  shapes: SuspiciousShape[]
  /** Files of the same host that begin or complete a report of this one, as their lines are cited. */
  joined: string[]
  /** What stands where: the class of each of up to 200 equal stretches of lines, for the shape bar. */
  strip: ('kill' | 'recognised' | 'context' | 'suspicious' | 'ignored')[]
  warnings: Warning[]
}
