import { curvesOf } from '@/components/charts/curves'
import { type Geometry, yOf } from '@/components/charts/geometry'
import { Band, Overlay, round } from '@/components/charts/plot-marks'
import type { ChartModel } from '@/lib/charts/chart-model'
import type { Panel } from '@/lib/charts/panel'

/** Room over the curves for the label of the highest tick. */
export const PRESSURE_TOP = 16

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
  const y = (value: number) => round(yOf(value, pressure.scale.max, PRESSURE_TOP, height))
  const frame = { range: model.range, plot, top: PRESSURE_TOP, foot: height }
  const [first, second] = pressure.series.map(({ key }) => curvesOf(pressure, key, frame))
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
      {first && (
        <>
          <path className="psis" d={first.ground} />
          {first.band && <path className="psib" d={first.band} />}
          <path className={second ? 'psie' : 'psif'} d={first.line} />
        </>
      )}
      {second && (
        <>
          {second.band && <path className="psifb" d={second.band} />}
          <path className="psif" d={second.line} />
        </>
      )}
      {pressure.references.map((reference) => (
        <g key={reference.value}>
          <path className="ref" d={`M0 ${y(reference.value)}H${plot}`} />
          <text x={plot + 8} y={y(reference.value) + 4}>
            {reference.label}
          </text>
        </g>
      ))}
      <Overlay model={model} plot={plot} height={height} gaps={pressure.gaps} top={PRESSURE_TOP} />
      <path className="axis" d={`M0 ${height - 0.5}H${plot}`} />
    </svg>
  )
}
