import type { ChartModel, Panel } from '@/lib/charts/chart-model'
import { formatClock, formatDay } from '@/lib/charts/clock'
import { formatReading, panelUnit } from '@/lib/charts/readings'

const MOST_ROWS = 400

/** The numbers behind the curves: the same rows, newest last. */
export function ChartTable({ model }: { model: ChartModel }) {
  const panels = [
    { title: 'Memory', panel: model.memory },
    { title: 'Swap', panel: model.swap },
    { title: 'Pressure', panel: model.pressure },
  ]
  return (
    <div className="charttables">
      {panels.map(
        ({ title, panel }) => panel && <PanelTable key={title} title={title} panel={panel} zone={model.zone} />,
      )}
      {panels.every(({ panel }) => panel === null) && <p className="dim">No metrics for this window.</p>}
    </div>
  )
}

function PanelTable({ title, panel, zone }: { title: string; panel: Panel; zone: string }) {
  const every = Math.max(1, Math.ceil(panel.at.length / MOST_ROWS))
  const rows = panel.at.flatMap((at, index) => (index % every === 0 ? [{ at, index }] : []))
  return (
    <section className="charttable" aria-label={title}>
      <h3>
        {title}
        {panel.at[0] !== undefined && <span className="faint">, {formatDay(panel.at[0], zone)}</span>}
        {every > 1 && (
          <span className="faint">
            , every {every}th of {panel.at.length} rows
          </span>
        )}
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable with keys */}
      <div className="tablescroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              {panel.series.map((series) => (
                <th key={series.key} scope="col" className="num" title={series.formula}>
                  {series.label}
                  {series.unit === 'bytes' && `, ${panelUnit(panel)}`}
                  {series.unit === 'bytes-per-second' && ', MiB/s'}
                  {series.unit === 'percent' && ', %'}
                  {series.unit === 'per-second' && ', /s'}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ at, index }) => (
              <tr key={at}>
                <td>
                  <time dateTime={new Date(at).toISOString()}>{formatClock(at, zone)}</time>
                </td>
                {panel.series.map((series) => {
                  const value = panel.values[series.key]?.[index] ?? null
                  return (
                    <td key={series.key} className="num">
                      {value === null ? '–' : formatReading(value, series, panel)}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
