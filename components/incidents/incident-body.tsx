import type { ReactNode } from 'react'
import { Ruler } from '@/components/charts/ruler'
import { AccountingBar } from '@/components/incidents/accounting-bar'
import { AdviceList } from '@/components/incidents/advice-list'
import type { LineLinks } from '@/components/incidents/evidence'
import { Facts } from '@/components/incidents/facts'
import { IncidentTitle } from '@/components/incidents/incident-title'
import { LogView } from '@/components/incidents/log-view'
import { Processes } from '@/components/incidents/processes'
import { Timeline } from '@/components/incidents/timeline'
import { VictimHolder } from '@/components/incidents/victim-holder'
import { Why } from '@/components/incidents/why'
import { Zones } from '@/components/incidents/zones'
import { Section } from '@/components/ui/section'
import type { LogLine } from '@/lib/analysis/upload'
import { accountForMemory } from '@/lib/findings/accounting'
import { adviseOn } from '@/lib/findings/advice'
import { type ReportReading, readReport } from '@/lib/findings/reading'
import { reportOfKill } from '@/lib/incidents/identity'
import type { Incident, Note } from '@/lib/incidents/incident'
import { killMarks, reportSpans } from '@/lib/incidents/lanes'
import { buildTimeline } from '@/lib/incidents/timeline'
import type { Series } from '@/lib/metrics/sample'
import type { IncidentView } from '@/lib/routes'
import { formatBytes, formatCount, kibToBytes } from '@/lib/units'

interface IncidentBodyProps {
  incident: Incident
  notes: Note[]
  samples: Series
  /** Raw lines by source, ascending. */
  lines: Record<string, LogLine[]>
  links: LineLinks
  zone: string
  view: IncidentView
  /** Position in `kills`; null without kills. */
  selectedKill: number | null
  /** Upload whose assumptions can be changed; null where nothing can be. */
  changeIn: string | null
  hrefWith: (changes: Record<string, string | null>) => string
  chart: ReactNode
  noteForm?: ReactNode
  /** What stands between the raw log and the end. */
  children?: ReactNode
}

/** One incident from the title to its raw lines; the same for those with an account and for a shared link. */
export function IncidentBody(props: IncidentBodyProps) {
  const { incident, zone, view, selectedKill, links, hrefWith } = props
  const reading = shownReport(incident, selectedKill)
  const accounting = reading ? accountForMemory(reading.report) : null
  const entries = buildTimeline(incident, props.notes, { samples: props.samples, findings: incident.findings })
  const advice = adviseOn(incident, incident, {
    hostname: incident.hostname,
    kernel: incident.kernel,
    notes: props.notes,
    samples: props.samples,
  })
  return (
    <>
      <IncidentTitle title={incident.title} />
      <Ruler input={{ marks: killMarks(incident.kills, selectedKill), reports: reportSpans(incident.reports), zone }} />
      <div className="hero">
        <Facts incident={incident} changeIn={props.changeIn} />
        <Why findings={incident.findings} steps={advice} links={links} zone={zone} />
        <VictimHolder
          incident={incident}
          zone={zone}
          selectedKill={selectedKill}
          links={links}
          hrefOfKill={(index) => hrefWith({ kill: String(index) })}
        />
      </div>
      {props.chart}
      <Section
        id="timeline"
        title="Timeline"
        hint="From the log, samples and notes: time, and distance from the first kill."
      >
        <Timeline
          entries={entries}
          show={view.show}
          zone={zone}
          selectedKill={selectedKill}
          links={links}
          hrefOf={(show) => `${hrefWith({ show: show === 'key' ? null : show })}#timeline`}
        />
        {props.noteForm}
      </Section>
      {accounting && (
        <Section
          id="accounting"
          title="Where memory was"
          hint={`${formatBytes(kibToBytes(accounting.totalKib))} of RAM when the report was written.`}
        >
          <AccountingBar accounting={accounting} links={links} />
        </Section>
      )}
      {reading && reading.zones.length > 0 && (
        <Section id="zones" title="Zones" hint={reportHint(reading)}>
          <Zones report={reading.report} zones={reading.zones} links={links} />
        </Section>
      )}
      {reading && (reading.tasks || reading.report.memcg) && (
        <Section id="processes" title="Processes" hint={taskHint(reading)}>
          <Processes incident={incident} reading={reading} links={links} />
        </Section>
      )}
      <Section id="log" title="Raw log" hint="Dark: lines that the statements above rest on. Rules: silence.">
        <LogView facts={incident} lines={props.lines} cited={citedLines(incident)} links={links} />
      </Section>
      {advice.length > 0 && (
        <Section id="advice" title="What to do" hint="For this kernel and cause. Nothing is run for you.">
          <AdviceList steps={advice} />
        </Section>
      )}
      {props.children}
    </>
  )
}

/** The report of the selected kill, else the first one with figures. */
function shownReport(incident: Incident, selectedKill: number | null): ReportReading | null {
  const kill = selectedKill === null ? undefined : incident.kills[selectedKill]
  const own = kill ? reportOfKill(kill, incident.reports) : null
  const report = own ?? incident.reports.find((each) => each.memory !== null || each.tasks !== null) ?? null
  if (!report) return null
  return readReport(
    report,
    incident.kills.filter((each) => reportOfKill(each, incident.reports) === report),
  )
}

function reportHint({ report }: ReportReading): string {
  return `The report’s own figures, lines ${formatCount(report.lines.from)} to ${formatCount(report.lines.to)}.`
}

function taskHint({ tasks, report }: ReportReading): string {
  if (!tasks) return `The report has no process table. ${report.memcg ? 'The control group’s own counters:' : ''}`
  const filtered =
    tasks.coverage === 'part' ? ' They do not explain all of the memory: the table was filtered or cut.' : ''
  return `${formatCount(tasks.rows.length)} rows in the report’s task dump, grouped by program.${filtered}`
}

function citedLines(incident: Incident): Set<string> {
  const ranges = [
    ...incident.findings.flatMap((finding) => [...finding.evidence, ...finding.counterEvidence]),
    ...incident.kills.map((kill) => kill.lines),
  ]
  const cited = new Set<string>()
  for (const { source, from, to } of ranges) {
    for (let line = from; line <= Math.min(to, from + 3); line += 1) cited.add(`${source}:${line}`)
  }
  return cited
}
