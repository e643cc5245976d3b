import type { CgroupMemory, OpenFilesRow, ProcessList } from '@/lib/metrics/process'
import type { Series, UndatedSample } from '@/lib/metrics/sample'
import type { Assumption, SourceHints, Warning } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

/** A reboot the file tells of ("LINUX RESTART"): evidence for the timeline. */
export interface BootMark {
  at: EpochMs
  line: number
  /** As printed. */
  text: string
}

/** Where the fullest process list of a file stands. */
export interface ProcessPeak {
  at: EpochMs | null
  /** First and last line of the list. */
  from: number
  to: number
  /** Line of its largest process. */
  line: number
}

/** All that was understood of one tool's file. */
export interface MetricsReading {
  /** Id of the format that read it, e.g. `sar`. */
  format: string
  /** A series, one instant, or bytes that only the tool itself can read (a warning then names the command). */
  kind: 'samples' | 'snapshot' | 'unsupported-binary'
  /** The first host the file names. */
  host: string | null
  /** Hosts named, with the number of rows of each; rows of another than `host` are refused, with a warning. */
  hosts: { host: string; lines: number }[]
  kernel: string | null
  samples: Series
  /** Samples without an instant, in file order. */
  undated: UndatedSample[]
  /** In file order, one an instant. */
  processes: ProcessList[]
  /** The list in which the largest process was largest; null without a list. */
  peak: ProcessPeak | null
  openFiles: OpenFilesRow[]
  cgroup: CgroupMemory | null
  boots: BootMark[]
  /** When the only printing was made, where its text does not tell: when the file was written, or arrived. */
  snapshotAt: EpochMs | null
  /** Of dated samples and process lists. */
  from: EpochMs | null
  to: EpochMs | null
  assumed: Assumption[]
  warnings: Warning[]
  lines: number
  /** Lines that gave a sample, a process, a header or a banner. */
  recognisedLines: number
}

/** How one tool prints memory. One file a format; `registry.ts` lists them. */
export interface MetricsFormat {
  /** Short name, also the `envelope` of the analysis. */
  id: string
  /**
   * Whether this text is the tool's output.
   *
   * @param lines the first 60 lines that are not blank, without line ends
   */
  recognise(lines: string[]): boolean
  /** True when `parse` also reads lines with an instant before each (`splitStamp`). */
  takesStampedLines?: true
  /**
   * Reads the whole text. Never throws: what was not understood is left out with a warning that names the line.
   *
   * @param lines all lines, without line ends
   */
  parse(lines: string[], hints: SourceHints): MetricsReading
}
