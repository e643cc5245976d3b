import type { LineRange } from '@/lib/logs/source'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import type { Assumption } from '@/lib/source'
import type { Message } from '@/lib/text/message'
import type { EpochMs, Kib } from '@/lib/units'

/** What ran out. `unknown` is a legal answer. */
export const CAUSE_CLASSES = [
  'exhaustion',
  'cgroup-limit',
  'zone',
  'fragmentation',
  'kernel-memory',
  'shared-memory',
  'hugepages',
  'pressure-kill',
  'runtime-limit',
  'manual',
  'unknown',
] as const
export type CauseClass = (typeof CAUSE_CLASSES)[number]

/** How it came. */
export type Pattern = 'leak' | 'spike' | 'fork-storm' | 'restart-loop' | 'steady' | 'unknown'
export type Confidence = 'high' | 'medium' | 'low'

/** Who held the most memory, and how surely that is known. */
export interface Hog {
  comm: string
  /** Processes of that name counted together. */
  processes: number
  /** Resident; null when only an upper bound beyond all memory is known. */
  rssKib: Kib | null
  /** Swapped out; null when the source has no such column. */
  swapKib: Kib | null
  /** Resident memory (anonymous alone where the dump tells) of RAM, or of the cgroup's limit; 0 to 1, or null. */
  share: number | null
  shareOf: 'ram' | 'cgroup-limit' | null
  grade: 'report' | 'metrics' | 'suspected'
  evidence: LineRange[]
}

/** An instant that samples show and no line tells, for the timeline and the marks over the chart. */
export interface Moment {
  at: EpochMs
  severity: 'info' | 'sign' | 'critical'
  /** A word for the mark over the chart. */
  label: Message
  sentence: Message
  detail: Message | null
}

/** One statement about an incident. Headline and detail come from the message catalogue. */
export interface Finding {
  code: string
  headline: Message
  detail: Message | null
  evidence: LineRange[]
  counterEvidence: LineRange[]
  confidence: Confidence
  /** The samples it rests on, where it does. */
  sampled?: { from: EpochMs; to: EpochMs }
  /** Ascending; what it tells besides the facts of the log. */
  moments?: Moment[]
}

/** The facts of one host that belong together: what grouping gives and explaining takes. Kills ascending by time. */
export interface IncidentFacts {
  kills: Kill[]
  /** Reports of these kills, and reports without a kill in the same span. `Kill.report` indexes by `OomReport.index`. */
  reports: OomReport[]
  events: LogEvent[]
  from: EpochMs | null
  to: EpochMs | null
}

/** What is said about an incident; derived from facts alone, so it can be computed again at any time. */
export interface Explanation {
  /** Up to the colon, and what follows it: "mysqld and 3 more killed on mail" · "swap used up, largest process not in this log". */
  title: { lead: Message; rest: Message[] }
  class: CauseClass
  confidence: Confidence
  pattern: Pattern
  hog: Hog | null
  /** Most telling first; the first three to five make the why-box. */
  findings: Finding[]
  /** Class, constraint, cgroup path without numbers, hog and victim: equal for recurrences. */
  fingerprint: string
}

/** An incident as pages, links and the API know it. */
export interface Incident extends IncidentFacts, Explanation {
  id: string
  hostId: string
  hostname: string
  kernel: string | null
  assumptions: Assumption[]
  /** True while year or clock rest on nothing in the text. */
  isTimeUncertain: boolean
  isSample: boolean
  /** How it ended, as far as the log and samples tell. */
  end: 'reboot' | 'recovered' | 'last-kill'
}

/** One row of a list of incidents. */
export interface IncidentSummary {
  id: string
  hostname: string
  from: EpochMs
  to: EpochMs
  /** False when the log gives no time at all: `from` and `to` are then its arrival. */
  isTimeKnown: boolean
  title: Explanation['title']
  class: CauseClass
  confidence: Confidence
  pattern: Pattern
  killCount: number
  /** Ascending; at most 200. */
  killTimes: EpochMs[]
  isSample: boolean
  isTimeUncertain: boolean
  /** Other incidents with the same fingerprint, and on how many hosts. */
  recurrences: number
  recurrenceHosts: number
}

/** A person's remark on an incident; `at` may be back-dated. */
export interface Note {
  id: string
  incidentId: string
  /** When it happened, as the person says; null when they cannot say. */
  at: EpochMs | null
  /** True when the position on the timeline is a guess. */
  isAtUncertain: boolean
  /** True when it tells of a later boot than the incident's. */
  isOtherBoot: boolean
  text: string
  author: string
  createdAt: EpochMs
}
