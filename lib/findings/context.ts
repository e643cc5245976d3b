import type { Note } from '@/lib/incidents/incident'
import type { Series } from '@/lib/metrics/sample'
import type { EpochMs, Kib } from '@/lib/units'

/** What ran at an instant, from `ps`, `top` or an agent. */
export interface ProcessList {
  at: EpochMs | null
  rows: { pid: number; comm: string; rssKib: Kib | null; swapKib: Kib | null }[]
}

/** What is known besides the incident's own facts. */
export interface ExplainContext {
  /** The name the product knows the host by; null: as the log prints it, if it does. */
  hostname: string | null
  /** Release when known from outside the reports, e.g. a boot line. */
  kernel?: string | null
  notes?: Note[]
  /** Of the host, ascending, around the incident. */
  samples?: Series
  processLists?: ProcessList[]
  /** Other text of the same upload that gives advice, e.g. pasted sysctl lines; looked through for obsolete knobs. */
  pastedTexts?: string[]
}
