import type { FileAnalysis } from '@/lib/analysis/analysis'
import { type Chapter, chapterOf, type Edges } from '@/lib/analysis/chapter'
import type { IncidentSummary } from '@/lib/incidents/incident'
import type { Bytes, EpochMs } from '@/lib/units'

/** `receiving` bytes are arriving · `received` durable, waiting · `reading` in work · `read` understood · `failed` see `problem`. */
export type UploadState = 'receiving' | 'received' | 'reading' | 'read' | 'failed'

/** What became of one accepted body. Facts that have tables of their own are left out. */
export type Receipt = Omit<FileAnalysis, 'reports' | 'kills' | 'events' | 'samples'> & {
  counts: { reports: number; kills: number; events: number; samples: number }
  /** Where rotation may have cut reports; missing in receipts of earlier versions. */
  edges?: Edges
}

/** A stored file as a part of its host's history; null when it cannot be one. */
export function toStoredChapter(
  receipt: Receipt,
  source: string,
  host: string,
): (Chapter & { joined: string[] }) | null {
  const chapter = receipt.edges ? chapterOf(receipt, receipt.edges, source, host) : null
  return chapter && { ...chapter, joined: receipt.joined }
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

/** One row of a list of uploads. */
export type UploadSummary = Omit<Upload, 'receipts' | 'incidents'> & { counts: Receipt['counts'] }

/** The name under which lines of an upload are cited: its id, or `id.3` for the third file inside an archive. */
export function memberSource(uploadId: string, member: number): string {
  return member === 0 ? uploadId : `${uploadId}.${member}`
}

/** The opposite of `memberSource`. */
export function splitSource(source: string): { uploadId: string; member: number } {
  const [, uploadId, member] = /^(.*)\.(\d{1,6})$/.exec(source) ?? []
  return uploadId === undefined ? { uploadId: source, member: 0 } : { uploadId, member: Number(member) }
}
