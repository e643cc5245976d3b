import { ChartStack } from '@/components/charts/chart-stack'
import { Segments } from '@/components/ui/segments'
import { chartModel } from '@/lib/charts/chart-model'
import type { Gap } from '@/lib/charts/series'
import type { TimeRange } from '@/lib/charts/time-scale'
import { reportFigures } from '@/lib/findings/report-figures'
import { incidentLanes } from '@/lib/incidents/lanes'
import type { Series } from '@/lib/metrics/sample'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import type { IncidentView } from '@/lib/routes'
import type { EpochMs } from '@/lib/units'

const HOUR = 3_600_000
const SPANS = [
  { name: '1 h', ms: HOUR },
  { name: '6 h', ms: 6 * HOUR },
  { name: '24 h', ms: 24 * HOUR },
  { name: '7 days', ms: 168 * HOUR },
  { name: '30 days', ms: 720 * HOUR },
  { name: '1 year', ms: 8760 * HOUR },
]

interface HostChartProps {
  facts: { kills: Kill[]; reports: OomReport[]; events: LogEvent[] }
  samples: Series
  /** Found before the samples were put in buckets; null for samples as measured. */
  gaps: readonly Gap[] | null
  range: TimeRange
  /** True when the range came from the address. */
  isGiven: boolean
  /** Where spans end: now, or the last thing known of the host. */
  end: EpochMs
  zone: string
  view: IncidentView
  hrefWith: (changes: Record<string, string | null>) => string
}

/** Memory and swap of a host over time, its kills over them. */
export function HostChart({ facts, samples, gaps, range, isGiven, end, zone, view, hrefWith }: HostChartProps) {
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
  const span = range.to - range.from
  const isTable = view.view === 'table'
  return (
    <ChartStack
      title="Memory over time"
      model={model}
      flagAt={null}
      isTable={isTable}
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
            options={SPANS.map(({ name, ms }) => ({
              name,
              href: hrefWith(ms === 24 * HOUR ? { from: null, to: null } : { from: String(end - ms), to: String(end) }),
              isChosen: span === ms && (isGiven || ms === 24 * HOUR),
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
