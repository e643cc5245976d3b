import { curvesOf } from '@/components/charts/curves'
import { type Geometry, yOf } from '@/components/charts/geometry'
import { toneOf } from '@/components/charts/line-tones'
import { Band, Overlay, round } from '@/components/charts/plot-marks'
import type { ChartModel } from '@/lib/charts/chart-model'
import type { DrawnLine, LinesPanel } from '@/lib/charts/panel'

/** Room over the lines for the name of a limit. */
export const LINES_TOP = 20

/** Several series over one scale, each as a line: processes, control groups. */
export function LinesPlot({ model, panel, geometry }: { model: ChartModel; panel: LinesPanel; geometry: Geometry }) {
  const { width, plot, lines: height, name, isCompact } = geometry
  const y = (value: number) => round(yOf(value, panel.scale.max, LINES_TOP, height))
  const frame = { range: model.range, plot, top: LINES_TOP, foot: height }
  return (
    <svg className={`plot ${name}`} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={linesSummary(panel)}>
      {panel.scale.ticks.map((tick) => (
        <g key={tick.value}>
          <path className="gridline" d={`M0 ${y(tick.value)}H${plot}`} />
          <text x={plot + 8} y={y(tick.value) + 4}>
            {isCompact ? tick.shortLabel : tick.label}
          </text>
        </g>
      ))}
      <Band model={model} plot={plot} height={height} />
      {/* The largest last, over the others. */}
      {panel.lines.toReversed().map((line) => (
        <Line key={line.key} line={line} curves={curvesOf(panel, line.key, frame)} />
      ))}
      {panel.ceiling && (
        <>
          <path className="ceil" d={`M0 ${y(panel.ceiling.value)}H${plot}`} />
          <text className="halo t2" x="0" y={y(panel.ceiling.value) - 5}>
            {panel.ceiling.label}
          </text>
        </>
      )}
      <Overlay model={model} plot={plot} height={height} gaps={panel.gaps} top={LINES_TOP} />
      <path className="axis" d={`M0 ${height - 0.5}H${plot}`} />
    </svg>
  )
}

function Line({ line, curves }: { line: DrawnLine; curves: ReturnType<typeof curvesOf> }) {
  const stroke = toneOf(line.tone)
  return (
    <>
      {line.shape === 'area' && <path fill={stroke} fillOpacity="0.3" d={curves.ground} />}
      {curves.band && <path fill={stroke} fillOpacity="0.22" d={curves.band} />}
      <path
        className="line"
        stroke={stroke}
        strokeWidth={line.isBold ? 3 : 1.5}
        strokeDasharray={line.isDashed ? '6 4' : undefined}
        d={line.shape === 'step' ? curves.step : curves.line}
      />
    </>
  )
}

/** The legend of a panel of lines, for those who do not see it. */
function linesSummary({ title, series }: LinesPanel): string {
  return `${title}: ${series.map(({ label }) => label).join(', ')}`
}
