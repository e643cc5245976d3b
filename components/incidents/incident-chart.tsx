import { ChartStack } from '@/components/charts/chart-stack'
import { LiveRefresh } from '@/components/charts/live-refresh'
import { Segments } from '@/components/ui/segments'
import { type ChartData, chartModel } from '@/lib/charts/chart-model'
import { type OverviewInput, overviewModel } from '@/lib/charts/overview'
import type { TimeRange } from '@/lib/charts/time-scale'
import { reportFigures } from '@/lib/findings/report-figures'
import { gapEvidence } from '@/lib/incidents/gap-evidence'
import type { Boot } from '@/lib/incidents/host'
import type { Incident, Note } from '@/lib/incidents/incident'
import { incidentLanes } from '@/lib/incidents/lanes'
import type { IncidentView, Span, ZoneChoice } from '@/lib/routes'
import type { EpochMs } from '@/lib/units'

const ZONES: { choice: ZoneChoice; name: string }[] = [
  { choice: 'host', name: 'Host' },
  { choice: 'utc', name: 'UTC' },
  { choice: 'browser', name: 'Browser' },
]
const SPANS: { span: Span; name: string }[] = [
  { span: 'incident', name: 'Incident' },
  { span: '3h', name: '± 3 h' },
  { span: '24h', name: '24 h' },
]

interface IncidentChartProps {
  incident: Incident
  notes: readonly Note[]
  data: ChartData
  /** Of the host; left out where they are not told. */
  boots?: readonly Boot[]
  /** Everything kept of the host; null in a frozen view. */
  overview: OverviewInput | null
  /** Null in a frozen view. */
  now: EpochMs | null
  range: TimeRange
  /** The span the range stands for; null when it was chosen by dragging. */
  span: Span | null
  zone: string
  selectedKill: number | null
  view: IncidentView
  /** Address that tells of news of the host, while the range ends now or later. */
  events?: string | null
  /** Address of this page with some parameters changed; null where the view cannot be changed. */
  hrefWith: ((changes: Record<string, string | null>) => string) | null
}

/** Memory and swap around an incident, with its kills over them. */
export function IncidentChart({
  incident,
  notes,
  data,
  boots = [],
  overview,
  now,
  range,
  span,
  zone,
  selectedKill,
  view,
  events = null,
  hrefWith,
}: IncidentChartProps) {
  const selectedAt = selectedKill === null ? null : (incident.kills[selectedKill]?.stamp.at ?? null)
  const band = incident.from !== null && incident.to !== null ? { from: incident.from, to: incident.to } : null
  const model = chartModel({
    data,
    subject: {
      victims: incident.kills,
      hogComm: incident.hog?.comm ?? null,
      limitedCgroup: limitedCgroup(incident, selectedKill),
    },
    evidence: gapEvidence(incident, boots),
    range,
    zone,
    band,
    lanes: incidentLanes(incident, notes, selectedKill),
    reports: incident.reports.flatMap((report) => reportFigures(report) ?? []),
    readAt: selectedAt ?? incident.from ?? range.to,
    now,
  })
  return (
    <ChartStack
      title="Memory over time"
      model={model}
      flagAt={selectedAt}
      isTable={view.view === 'table'}
      overview={overview && overviewModel(overview, null)}
      live={events && <LiveRefresh events={events} rangeMs={range.to - range.from} />}
      zoneChoice={
        hrefWith && (
          <Segments
            label="Time zone"
            options={ZONES.map(({ choice, name }) => ({
              name,
              href: hrefWith({ tz: choice }),
              isChosen: view.tz === choice,
            }))}
          />
        )
      }
      choices={hrefWith && <Choices span={span} isTable={view.view === 'table'} hrefWith={hrefWith} />}
    />
  )
}

/** The control group whose limit the selected kill hit, else that of the first kill that hit one. */
function limitedCgroup({ kills }: Incident, selectedKill: number | null): string | null {
  const selected = selectedKill === null ? null : (kills[selectedKill]?.limitCgroup ?? null)
  return selected ?? kills.find((kill) => kill.limitCgroup !== null)?.limitCgroup ?? null
}

interface ChoicesProps {
  span: Span | null
  isTable: boolean
  hrefWith: (changes: Record<string, string | null>) => string
}

function Choices({ span, isTable, hrefWith }: ChoicesProps) {
  return (
    <>
      <Segments
        label="Span"
        options={SPANS.map((each) => ({
          name: each.name,
          href: hrefWith({ span: each.span, from: null, to: null }),
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
  )
}
