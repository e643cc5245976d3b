import { type ChartModel, panelsOf } from '@/lib/charts/chart-model'
import { formatClock, formatDay, formatShortDay } from '@/lib/charts/clock'
import type { Panel, PanelSeries } from '@/lib/charts/panel'
import { formatReading, unitOf } from '@/lib/charts/readings'
import { hasBand } from '@/lib/charts/rows'

const DAY = 86_400_000

/** The numbers behind the curves: the same rows, newest last. */
export function ChartTable({ model }: { model: ChartModel }) {
  const panels = panelsOf(model)
  return (
    <div className="charttables">
      {panels.map(({ key, title, panel }) => (
        <PanelTable key={key} title={title} panel={panel} zone={model.zone} />
      ))}
      {panels.length === 0 && <p className="dim">No metrics for this window.</p>}
    </div>
  )
}

/** A column of the table: a series, or an end of what its rows stand for. */
interface Column {
  key: string
  series: PanelSeries
  end: 'least' | 'greatest' | null
  values: readonly (number | null)[]
}

function columnsOf(panel: Panel): Column[] {
  return panel.series.flatMap((series): Column[] => {
    const { key } = series
    const own: Column = { key, series, end: null, values: panel.values[key] ?? [] }
    const extremes = panel.extremes[key]
    if (!extremes || !hasBand(panel, key)) return [own]
    return [
      own,
      { key: `${key}-least`, series, end: 'least', values: extremes.least },
      { key: `${key}-greatest`, series, end: 'greatest', values: extremes.greatest },
    ]
  })
}

function PanelTable({ title, panel, zone }: { title: string; panel: Panel; zone: string }) {
  const columns = columnsOf(panel)
  const [first, last] = [panel.at[0] ?? 0, panel.at.at(-1) ?? 0]
  const isOfDays = last - first > DAY
  const stands = columns.some(({ end }) => end !== null)
  return (
    <section className="charttable" aria-label={title}>
      <h3>
        <bdi>{title}</bdi>
        <span className="faint">
          , {isOfDays ? `${formatDay(first, zone)} to ${formatDay(last, zone)}` : formatDay(first, zone)}
          {stands && '; a row is the last sample of its stretch, with the least and greatest of all in it'}
        </span>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable with keys */}
      <div className="tablescroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              {columns.map(({ key, series, end }) => (
                <th key={key} scope="col" className="num" title={series.formula}>
                  <bdi>{series.label}</bdi>
                  {end === null ? `, ${unitOf(series, panel)}` : `, ${end}`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {panel.at.map((at, row) => (
              <tr key={at}>
                <td>
                  <time dateTime={new Date(at).toISOString()}>
                    {isOfDays && `${formatShortDay(at, zone)} `}
                    {formatClock(at, zone)}
                  </time>
                </td>
                {columns.map(({ key, series, values }) => {
                  const value = values[row] ?? null
                  return (
                    <td key={key} className="num">
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
