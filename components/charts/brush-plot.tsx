import type { OverviewModel } from '@/lib/charts/overview'
import { areaPath, linePath } from '@/lib/charts/paths'
import { runsBetween } from '@/lib/charts/series'
import { timeTicks, xOf } from '@/lib/charts/time-scale'

const HEIGHT = 40
const AXIS = 18
/** Coordinates of the curve, stretched to whatever width there is. */
const UNITS = 1000
/** Widths that the labels of the axis are made for. */
const AXES = [
  { name: 'wide', width: 900 },
  { name: 'narrow', width: 320 },
] as const

/** The drawing under the brush: memory left, incidents, kills, an axis; in shares of its width, so that one fits all screens. */
export function BrushPlot({ overview, zone }: { overview: OverviewModel; zone: string }) {
  const { range, columns, gaps, max } = overview
  const share = (at: number) => Math.round(xOf(at, range, 100) * 100) / 100
  const xs = columns.at.map((at) => xOf(at, range, UNITS))
  const toY = (column: readonly (number | null)[] = []) =>
    column.map((value) => (value === null ? null : HEIGHT - (value / max) * (HEIGHT - 4)))
  const [values, least, greatest] = [
    toY(columns.values.left),
    toY(columns.extremes.left?.least),
    toY(columns.extremes.left?.greatest),
  ]
  const runs = runsBetween(columns.at, gaps)
  return (
    <svg className="plot" width="100%" height={HEIGHT + AXIS} aria-hidden="true">
      {gaps.map((gap) => (
        <rect
          key={gap.from}
          className="gap"
          x={`${share(gap.from)}%`}
          width={`${Math.max(0, share(gap.to) - share(gap.from))}%`}
          height={HEIGHT}
        />
      ))}
      {overview.incidents.map(({ from, to }) => (
        <rect
          key={`${from}-${to}`}
          className="incident"
          x={`${share(from)}%`}
          width={`${share(to) - share(from)}%`}
          height={HEIGHT}
        />
      ))}
      <svg
        viewBox={`0 0 ${UNITS} ${HEIGHT}`}
        width="100%"
        height={HEIGHT}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {runs.map(([first, last]) => {
          const part = (column: readonly (number | null)[]) => column.slice(first, last + 1)
          return (
            <g key={first}>
              <path className="miniband" d={areaPath(xs.slice(first, last + 1), part(greatest), part(least))} />
              <path className="mini" d={linePath(xs.slice(first, last + 1), part(values))} />
            </g>
          )
        })}
      </svg>
      {overview.kills.map((at) => (
        <line key={at} className="rule" x1={`${share(at)}%`} x2={`${share(at)}%`} y2={HEIGHT} />
      ))}
      <line className="axis" x2="100%" y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} />
      {AXES.map(({ name, width }) => (
        <g key={name} className={name}>
          {timeTicks(range, zone, width).map(({ at, label }) => {
            const x = share(at)
            if (label === null) return null
            return (
              <g key={at}>
                <line className="axis" x1={`${x}%`} x2={`${x}%`} y1={HEIGHT} y2={HEIGHT + 4} />
                <text className={x < 4 ? '' : x > 96 ? 'e' : 'm'} x={`${x}%`} y={HEIGHT + 15}>
                  {label}
                </text>
              </g>
            )
          })}
        </g>
      ))}
    </svg>
  )
}
