import { ChartStack } from '@/components/charts/chart-stack'
import { LiveRefresh } from '@/components/charts/live-refresh'
import { Segments } from '@/components/ui/segments'
import type { ChartModel } from '@/lib/charts/chart-model'
import type { OverviewModel } from '@/lib/charts/overview'
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
  model: ChartModel
  overview: OverviewModel | null
  /** The span the range stands for; null when it was chosen by dragging. */
  span: HostSpan | null
  view: IncidentView
  /** Address that tells of news, while the range ends now; else null. */
  events: string | null
  hrefWith: (changes: Record<string, string | null>) => string
}

/** Memory and swap of a host over time, its kills over them. */
export function HostChart({ model, overview, span, view, events, hrefWith }: HostChartProps) {
  const isTable = view.view === 'table'
  return (
    <ChartStack
      title="Memory over time"
      model={model}
      flagAt={null}
      isTable={isTable}
      overview={overview}
      live={events && <LiveRefresh events={events} rangeMs={model.range.to - model.range.from} />}
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
