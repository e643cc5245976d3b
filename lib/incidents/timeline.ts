import type { IncidentFacts, Note } from '@/lib/incidents/incident'
import type { LineRange } from '@/lib/logs/source'
import type { Series } from '@/lib/metrics/sample'
import type { LogEvent } from '@/lib/oom/report'
import type { Message } from '@/lib/text/message'
import type { EpochMs } from '@/lib/units'

/** One row of the timeline. */
export interface TimelineEntry {
  /** Stable within the incident and fit for a fragment of an address. */
  id: string
  kind: 'report' | 'kill' | 'event' | 'note' | 'quiet' | 'fold'
  /** The kind of log event, for `event` rows. */
  eventKind: LogEvent['kind'] | null
  severity: 'info' | 'sign' | 'critical'
  at: EpochMs | null
  /** End of a report, a quiet stretch or a fold; `at` otherwise. */
  until: EpochMs | null
  /** The time as printed; null for notes and quiet stretches. */
  atText: string | null
  isAtUncertain: boolean
  /** From the first kill (first row without kills), negative before it; null when either has no time. */
  deltaMs: number | null
  sentence: Message
  detail: Message | null
  lines: LineRange[]
  /** Shown at first; the rest belongs to "all activity". */
  isKey: boolean
  /** Position in `IncidentFacts.kills` for a kill row. */
  kill: number | null
  /** Which burst a kill belongs to, from 0. */
  burst: number | null
  /** The rows a fold stands for. */
  folded: TimelineEntry[]
  note: Note | null
}

export interface TimelineOptions {
  /** Samples of the host around the incident: a quiet stretch of the log says whether they continued. */
  samples?: Series
}

/** Everything known of an incident in the order it happened, ready to draw. */
export function buildTimeline(
  _incident: IncidentFacts,
  _notes: Note[] = [],
  _options: TimelineOptions = {},
): TimelineEntry[] {
  return []
}
