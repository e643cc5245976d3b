import type { ReactNode } from 'react'
import { Brush } from '@/components/charts/brush'
import { ChartTable } from '@/components/charts/chart-table'
import { CsvButton } from '@/components/charts/csv-button'
import { LiveStack } from '@/components/charts/live-stack'
import { StaticStack } from '@/components/charts/static-stack'
import { type ChartModel, type PanelKey, panelsOf } from '@/lib/charts/chart-model'
import { formatRange } from '@/lib/charts/clock'
import type { OverviewModel } from '@/lib/charts/overview'
import type { TimeRange } from '@/lib/charts/time-scale'
import type { EpochMs } from '@/lib/units'

interface ChartStackProps {
  title: string
  model: ChartModel
  flagAt: EpochMs | null
  /** Zone, span and view, as links; on the left and on the right of the range. */
  zoneChoice: ReactNode
  choices: ReactNode
  isTable: boolean
  /** Draws the page anew while its range ends now. */
  live?: ReactNode
  /** Everything kept of the host; left out where there is no more than what is shown. */
  overview?: OverviewModel | null
}

/** The chart of a page: its range and choices, then the stack as drawings that become interactive, or as a table. */
export function ChartStack({ title, model, flagAt, zoneChoice, choices, isTable, live, overview }: ChartStackProps) {
  return (
    <section className="stack" id="chart" aria-labelledby="chart-title">
      <div className="stackhead">
        <div>
          <h2 id="chart-title">{title}</h2>
        </div>
        <div className="ctl">
          <span>{formatRange(model.range.from, model.range.to, model.zone)}</span>
          {live}
          {zoneChoice}
          <span className="right noprint">
            {choices}
            {panelsOf(model).length > 0 && <CsvButton model={model} />}
          </span>
        </div>
      </div>
      {isTable ? (
        <ChartTable model={model} />
      ) : (
        <>
          <PanelTabs model={model} />
          <LiveStack model={model} flagAt={flagAt}>
            <StaticStack model={model} flagAt={flagAt} />
          </LiveStack>
        </>
      )}
      {overview && !isWithin(overview.range, model.range) && (
        <Brush overview={overview} shown={model.range} zone={model.zone} />
      )}
      {model.areListsLeftOut && (
        <div className="cap">
          <p>Processes and control groups are drawn for ranges of up to a day.</p>
        </div>
      )}
    </section>
  )
}

function isWithin(inner: TimeRange, outer: TimeRange): boolean {
  return inner.from >= outer.from && inner.to <= outer.to
}

const TAB_NAMES: Record<PanelKey, string> = {
  memory: 'Memory',
  swap: 'Swap',
  pressure: 'Pressure',
  cgroups: 'Groups',
  processes: 'Processes',
}

/** On a phone one panel is shown at a time; the style sheet follows these. Without samples the memory panel says so. */
function PanelTabs({ model }: { model: ChartModel }) {
  const measured = panelsOf(model).map(({ key }) => key)
  const tabs = measured.includes('memory') ? measured : (['memory', ...measured] as const)
  if (tabs.length < 2) return <input type="radio" id="tab-memory" className="sr" defaultChecked hidden />
  return (
    <fieldset className="tabs noprint">
      <legend className="sr">Panel</legend>
      {tabs.map((key, index) => (
        <label key={key}>
          <input type="radio" name="tab" id={`tab-${key}`} defaultChecked={index === 0} />
          {TAB_NAMES[key]}
        </label>
      ))}
    </fieldset>
  )
}
