import type { ReactNode } from 'react'
import { ChartTable } from '@/components/charts/chart-table'
import { LiveStack } from '@/components/charts/live-stack'
import { StaticStack } from '@/components/charts/static-stack'
import type { ChartModel } from '@/lib/charts/chart-model'
import { formatRange } from '@/lib/charts/clock'
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
  caption?: ReactNode
}

/** The chart of a page: its range and choices, then the stack as drawings that become interactive, or as a table. */
export function ChartStack({ title, model, flagAt, zoneChoice, choices, isTable, live, caption }: ChartStackProps) {
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
          <span className="right noprint">{choices}</span>
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
      {caption && (
        <div className="cap">
          <p>{caption}</p>
        </div>
      )}
    </section>
  )
}

/** On a phone one panel is shown at a time; the style sheet follows these. */
function PanelTabs({ model }: { model: ChartModel }) {
  const tabs = [
    { id: 'tab-mem', name: 'Memory', isThere: true },
    { id: 'tab-swap', name: 'Swap', isThere: model.swap !== null },
    { id: 'tab-psi', name: 'Pressure', isThere: model.pressure !== null },
  ].filter((tab) => tab.isThere)
  if (tabs.length < 2) return <input type="radio" id="tab-mem" className="sr" defaultChecked hidden />
  return (
    <fieldset className="tabs noprint" data-count={tabs.length}>
      <legend className="sr">Panel</legend>
      {tabs.map((tab, index) => (
        <label key={tab.id}>
          <input type="radio" name="tab" id={tab.id} defaultChecked={index === 0} />
          {tab.name}
        </label>
      ))}
    </fieldset>
  )
}
