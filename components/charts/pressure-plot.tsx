import { type Geometry, yOf } from '@/components/charts/geometry'
import { Band, Overlay, round } from '@/components/charts/plot-marks'
import type { ChartModel, Panel } from '@/lib/charts/chart-model'
import { areaPath, linePath } from '@/lib/charts/paths'
import { keepExtremes, runsBetween } from '@/lib/charts/series'
import { xOf } from '@/lib/charts/time-scale'

const TOP = 16

/** PSI, or what stands in for it: the first series as an area, the second as a line. */
export function PressurePlot({
  model,
  pressure,
  geometry,
}: {
  model: ChartModel
  pressure: Panel
  geometry: Geometry
}) {
  const { width, plot, pressure: height, name, isCompact } = geometry
  const y = (value: number) => round(yOf(value, pressure.scale.max, TOP, height))
  const [first, second] = pressure.series
  return (
    <svg className={`plot ${name}`} viewBox={`0 0 ${width} ${height}`} role="img" aria-label="Pressure on memory">
      {pressure.scale.ticks.map((tick) => (
        <g key={tick.value}>
          <path className="gridline" d={`M0 ${y(tick.value)}H${plot}`} />
          <text x={plot + 8} y={y(tick.value) + 4}>
            {isCompact ? tick.shortLabel : tick.label}
          </text>
        </g>
      ))}
      <Band model={model} plot={plot} height={height} />
      {first && <path className="psis" d={curve(model, pressure, plot, height, first.key, true)} />}
      {first && (
        <path className={second ? 'psie' : 'psif'} d={curve(model, pressure, plot, height, first.key, false)} />
      )}
      {second && <path className="psif" d={curve(model, pressure, plot, height, second.key, false)} />}
      {pressure.references.map((reference) => (
        <g key={reference.value}>
          <path className="ref" d={`M0 ${y(reference.value)}H${plot}`} />
          <text x={plot + 8} y={y(reference.value) + 4}>
            {reference.label}
          </text>
        </g>
      ))}
      <Overlay model={model} plot={plot} height={height} gaps={pressure.gaps} top={TOP} />
      <path className="axis" d={`M0 ${height - 0.5}H${plot}`} />
    </svg>
  )
}

function curve(
  model: ChartModel,
  pressure: Panel,
  plot: number,
  height: number,
  key: string,
  isFilled: boolean,
): string {
  const rows = keepExtremes(pressure, Math.ceil(plot / 4), [key])
  const xs = rows.at.map((at) => xOf(at, model.range, plot))
  const ys = (rows.values[key] ?? []).map((value) =>
    value === null ? null : yOf(Math.min(value, pressure.scale.max), pressure.scale.max, TOP, height),
  )
  const feet = ys.map((value) => (value === null ? null : height))
  return runsBetween(rows.at, pressure.gaps)
    .map(([first, last]) => {
      const part = [xs.slice(first, last + 1), ys.slice(first, last + 1)] as const
      return isFilled ? areaPath(part[0], part[1], feet.slice(first, last + 1)) : linePath(part[0], part[1])
    })
    .join('')
}
