import type { Balance } from '@/lib/findings/balance'
import type { Cause } from '@/lib/findings/cause'
import type { ExplainContext } from '@/lib/findings/context'
import type { ReportReading } from '@/lib/findings/reading'
import type { Shortage } from '@/lib/findings/shortage'
import type { Finding, Hog, IncidentFacts, Pattern } from '@/lib/incidents/incident'
import type { LineRange } from '@/lib/logs/source'
import type { Kill } from '@/lib/oom/report'
import type { Message } from '@/lib/text/message'

/** What has been worked out about an incident before its findings are looked for. */
export interface IncidentCase {
  context: ExplainContext
  readings: ReportReading[]
  /** The report that tells most; null without reports. */
  main: ReportReading | null
  shortage: Shortage | null
  balance: Balance | null
  cause: Cause
  hog: Hog | null
  pattern: Pattern
}

/** What a finding tells, in the order in which a person wants to know. */
export const TELLS = ['cause', 'holder', 'victim', 'course', 'gap', 'background', 'check'] as const
export type Tells = (typeof TELLS)[number]

/** One entry of the registry: looks for one thing and says it with its lines. */
export interface FindingRule {
  /** Every code its findings can have; the first one names the file. */
  codes: readonly string[]
  tells: Tells
  /** Pure; null when the facts do not show it. */
  find(facts: IncidentFacts, incident: IncidentCase): Finding | null
}

/** A finding of high confidence without counter-evidence; the rest says what differs. */
export function finding(
  code: string,
  headline: Message,
  detail: Message | null,
  evidence: LineRange[],
  rest: Partial<Pick<Finding, 'counterEvidence' | 'confidence' | 'sampled' | 'moments'>> = {},
): Finding {
  return { code, headline, detail, evidence, counterEvidence: [], confidence: 'high', ...rest }
}

/** True when the report is about a cgroup's limit: its machine-wide figures, if any, are not the reason. */
export function isMemcgCase(incident: IncidentCase): boolean {
  return incident.cause.class === 'cgroup-limit'
}

/** "mysqld 22073"; the group for a killer that ends groups. */
export function nameOf(kill: Kill): string {
  const name = kill.comm ?? kill.cgroup ?? 'a process'
  return kill.pid === null ? name : `${name} ${kill.pid}`
}

export function lineIn(source: string, line: number): LineRange {
  return { source, from: line, to: line }
}

/** The line a member of Mem-Info was read on; the whole report when it is not known. */
export function memoryLine(reading: ReportReading, member: string): LineRange {
  const line = reading.report.memory?.lines[member]
  return line === undefined ? reading.report.lines : lineIn(reading.report.lines.source, line)
}

/** The lines that tell of a kill: the kernel's choice where it is printed apart, and the kill. */
export function killLines(kill: Kill): LineRange[] {
  return kill.choice ? [kill.choice, kill.lines] : [kill.lines]
}

/** The line on which a report names its constraint or group; empty when it has none. */
export function constraintLines(reading: ReportReading | null): LineRange[] {
  const line = reading?.report.constraintLine ?? null
  return reading && line !== null ? [lineIn(reading.report.lines.source, line)] : []
}

/** The line that opens a report. */
export function firstLine(reading: ReportReading): LineRange {
  return lineIn(reading.report.lines.source, reading.report.lines.from)
}
