import type { LogLine } from '@/lib/analysis/upload'
import type { Incident, Note } from '@/lib/incidents/incident'
import type { Series } from '@/lib/metrics/sample'
import type { HiddenCounts } from '@/lib/text/redact'
import type { EpochMs } from '@/lib/units'

/** A link to one incident for someone without an account; the token is not part of it. */
export interface ShareLink {
  id: string
  /** Null once the incident is deleted; the snapshot stays. */
  incidentId: string | null
  /** True when aliases stand for the names in it. */
  isRedacted: boolean
  createdBy: string
  createdAt: EpochMs
  expiresAt: EpochMs
  revokedAt: EpochMs | null
  views: number
  lastViewedAt: EpochMs | null
}

/** Everything a shared link shows, frozen when it was made: nothing else is reachable through it. */
export interface ShareSnapshot {
  incident: Incident
  samples: Series
  /** The span the charts show. */
  range: { from: EpochMs; to: EpochMs } | null
  notes: Note[]
  /** The raw lines its statements rest on, by source as cited. */
  lines: Record<string, LogLine[]>
  frozenAt: EpochMs
  /** What aliases stand for; null or absent when everything is shown as it was. */
  redaction?: HiddenCounts | null
}
