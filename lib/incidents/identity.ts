import type { IncidentFacts } from '@/lib/incidents/incident'
import type { LineRange, Stamp } from '@/lib/logs/source'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'

/**
 * The natural key of a kill: the same kill read from two sources has one key. It uses the time as the machine told it
 * (seconds since boot, else the text of the stamp), never the interpreted one, so that correcting year or zone keeps it.
 * A kill on a bare line has no time to go by; its source and line stand in.
 */
export function killKey(kill: Kill): string {
  return ['kill', kill.host, kill.by, printedTime(kill.stamp, kill.lines), kill.pid, kill.comm ?? kill.cgroup].join('|')
}

/** The natural key of a report, as `killKey`. */
export function reportKey(report: OomReport): string {
  const { host, stamp, lines, invoker } = report
  return ['report', host, printedTime(stamp, lines), invoker.pid, invoker.comm, report.gfpMask].join('|')
}

/** The natural key of an event, as `killKey`. */
export function eventKey(event: LogEvent): string {
  return ['event', event.host, event.kind, printedTime(event.stamp, event.lines), event.message].join('|')
}

/** What an incident is known by for good: its earliest kill; without kills its earliest report, else event. */
export function incidentIdentity(facts: IncidentFacts): string {
  const [kill] = facts.kills
  if (kill) return killKey(kill)
  const [report] = facts.reports
  if (report) return reportKey(report)
  const [event] = facts.events
  return event ? eventKey(event) : ''
}

/** The report a kill belongs to; null when it is not in the text. For many kills take `reportFinder`. */
export function reportOfKill(kill: Kill, reports: readonly OomReport[]): OomReport | null {
  return reportFinder(reports.filter(({ index }) => index === kill.report))(kill)
}

/**
 * `reportOfKill` for many kills: report indices count within one source, that of the kill, so both are looked at. A
 * report that begins in one file and ends in the next belongs to the kills of the next.
 */
export function reportFinder(reports: readonly OomReport[]): (kill: Kill) => OomReport | null {
  const byPlace = new Map(
    reports.map((report) => [`${report.index} ${(report.continues ?? report.lines).source}`, report]),
  )
  const byIndex = new Map<number, OomReport[]>()
  for (const report of reports) byIndex.set(report.index, [...(byIndex.get(report.index) ?? []), report])
  return (kill) => {
    if (kill.report === null) return null
    const sameIndex = byIndex.get(kill.report) ?? []
    const only = sameIndex.length === 1 ? (sameIndex[0] ?? null) : null
    return byPlace.get(`${kill.report} ${kill.lines.source}`) ?? only
  }
}

/** The kills of each report, in their order; reports without a kill are not in the map. */
export function killsByReport(kills: Kill[], reports: OomReport[]): Map<OomReport, Kill[]> {
  const find = reportFinder(reports)
  const byReport = new Map<OomReport, Kill[]>()
  for (const kill of kills) {
    const report = find(kill)
    if (!report) continue
    const known = byReport.get(report)
    if (known) known.push(kill)
    else byReport.set(report, [kill])
  }
  return byReport
}

function printedTime(stamp: Stamp, lines: LineRange): string {
  if (stamp.uptimeSeconds !== null) return `up ${stamp.uptimeSeconds}`
  return stamp.text ?? `line ${lines.source}:${lines.from}`
}
