import { ChartStack } from '@/components/charts/chart-stack'
import { LiveRefresh } from '@/components/charts/live-refresh'
import { Segments } from '@/components/ui/segments'
import { type ChartData, chartModel } from '@/lib/charts/chart-model'
import { NO_SUBJECT } from '@/lib/charts/lines-panels'
import { type OverviewInput, overviewModel } from '@/lib/charts/overview'
import type { TimeRange } from '@/lib/charts/time-scale'
import { reportFigures } from '@/lib/findings/report-figures'
import { gapEvidence } from '@/lib/incidents/gap-evidence'
import type { Boot } from '@/lib/incidents/host'
import { incidentLanes } from '@/lib/incidents/lanes'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import type { HostSpan, IncidentView } from '@/lib/routes'
import type { EpochMs } from '@/lib/units'

const SPANS: { name: string; span: HostSpan }[] = [
  { name: '1 h', span: '1h' },
  { name: '6 h', span: '6h' },
  { name: '24 h', span: '24h' },
  { name: '7 days', span: '7d' },
  { name: '30 days', span: '30d' },
  { name: '1 year', span: '1y' },
]

interface HostChartProps {
  facts: { kills: Kill[]; reports: OomReport[]; events: LogEvent[] }
  data: ChartData
  boots: readonly Boot[]
  overview: OverviewInput
  range: TimeRange
  /** The span the range stands for; null when it was chosen by dragging. */
  span: HostSpan | null
  zone: string
  view: IncidentView
  now: EpochMs
  /** Address that tells of news, while the range ends now; else null. */
  events: string | null
  hrefWith: (changes: Record<string, string | null>) => string
}

/** Memory and swap of a host over time, its kills over them. */
export function HostChart({
  facts,
  data,
  boots,
  overview,
  range,
  span,
  zone,
  view,
  now,
  events,
  hrefWith,
}: HostChartProps) {
  const model = chartModel({
    data,
    subject: NO_SUBJECT,
    evidence: gapEvidence(facts, boots),
    range,
    zone,
    band: null,
    lanes: incidentLanes({ ...facts, from: null, to: null }, [], null),
    reports: facts.reports.flatMap((report) => reportFigures(report) ?? []),
    readAt: data.samples.at(-1)?.at ?? range.to,
    now,
  })
  const isTable = view.view === 'table'
  return (
    <ChartStack
      title="Memory over time"
      model={model}
      flagAt={null}
      isTable={isTable}
      overview={overviewModel(overview, events ? now : null)}
      live={events && <LiveRefresh events={events} />}
      zoneChoice={
        <Segments
          label="Time zone"
          options={[
            { name: 'UTC', href: hrefWith({ tz: null }), isChosen: view.tz !== 'browser' },
            { name: 'Browser', href: hrefWith({ tz: 'browser' }), isChosen: view.tz === 'browser' },
          ]}
        />
      }
      choices={
        <>
          <Segments
            label="Span"
            options={SPANS.map((each) => ({
              name: each.name,
              href: hrefWith({ last: each.span === '24h' ? null : each.span, from: null, to: null }),
              isChosen: each.span === span,
            }))}
          />
          <Segments
            label="View"
            options={[
              { name: 'Curves', href: hrefWith({ view: null }), isChosen: !isTable },
              { name: 'Table', href: hrefWith({ view: 'table' }), isChosen: isTable },
            ]}
          />
        </>
      }
    />
  )
}
