import { ChartStack } from '@/components/charts/chart-stack'
import { LiveRefresh } from '@/components/charts/live-refresh'
import { Segments } from '@/components/ui/segments'
import { chartModel } from '@/lib/charts/chart-model'
import type { Gap } from '@/lib/charts/series'
import type { TimeRange } from '@/lib/charts/time-scale'
import { reportFigures } from '@/lib/findings/report-figures'
import { incidentLanes } from '@/lib/incidents/lanes'
import type { Series } from '@/lib/metrics/sample'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import type { HostSpan, IncidentView } from '@/lib/routes'

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
  samples: Series
  /** Found before the samples were put in buckets; null for samples as measured. */
  gaps: readonly Gap[] | null
  range: TimeRange
  /** The span the range stands for; null when it was chosen by dragging. */
  span: HostSpan | null
  zone: string
  view: IncidentView
  /** Address that tells of news, while the range ends now; else null. */
  events: string | null
  hrefWith: (changes: Record<string, string | null>) => string
}

/** Memory and swap of a host over time, its kills over them. */
export function HostChart({ facts, samples, gaps, range, span, zone, view, events, hrefWith }: HostChartProps) {
  const model = chartModel({
    samples,
    gaps,
    range,
    zone,
    band: null,
    lanes: incidentLanes({ ...facts, from: null, to: null }, [], null),
    reports: facts.reports.flatMap((report) => reportFigures(report) ?? []),
    readAt: samples.at(-1)?.at ?? range.to,
  })
  const isTable = view.view === 'table'
  return (
    <ChartStack
      title="Memory over time"
      model={model}
      flagAt={null}
      isTable={isTable}
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
