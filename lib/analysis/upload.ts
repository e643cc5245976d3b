import type { FileAnalysis } from '@/lib/analysis/analysis'
import type { IncidentSummary } from '@/lib/incidents/incident'
import type { Bytes, EpochMs } from '@/lib/units'

/** `receiving` bytes are arriving · `received` durable, waiting · `reading` in work · `read` understood · `failed` see `problem`. */
export type UploadState = 'receiving' | 'received' | 'reading' | 'read' | 'failed'

/** What became of one accepted body. Facts that have tables of their own are left out. */
export type Receipt = Omit<FileAnalysis, 'reports' | 'kills' | 'events' | 'samples'> & {
  counts: { reports: number; kills: number; events: number; samples: number }
}

export interface Upload {
  id: string
  name: string
  sizeBytes: Bytes
  sha256: string
  hostname: string | null
  state: UploadState
  problem: string | null
  createdAt: EpochMs
  isSample: boolean
  /** What a person chose afterwards; null: what was found in the text stands. */
  chosen: { year: number | null; zone: string | null; host: string | null }
  /** One a file: an archive has one a member. Empty until `read`. */
  receipts: Receipt[]
  incidents: IncidentSummary[]
}

export interface LogLine {
  /** 1-based. */
  line: number
  text: string
}
