import { anchorClass, round } from '@/components/charts/plot-marks'
import {
  layoutCompactRuler,
  layoutRuler,
  layoutSmallRuler,
  type RulerInput,
  type RulerLayout,
} from '@/lib/charts/ruler'
import type { EpochMs } from '@/lib/units'

/** An incident on one line, large: for desktop, phone and paper. */
export function Ruler({ input }: { input: RulerInput }) {
  if (input.marks.length === 0) return null
  return (
    <div className="ruler">
      <RulerDrawing layout={layoutRuler(input, 1360)} name="wide" axis={62} labelY={29} />
      <RulerDrawing layout={layoutCompactRuler(input, 358)} name="narrow" axis={58} labelY={11} />
      <RulerDrawing layout={layoutRuler(input, 820)} name="paper" axis={62} labelY={29} />
    </div>
  )
}

interface RulerDrawingProps {
  layout: RulerLayout
  name: string
  axis: number
  labelY: number
}

function RulerDrawing({ layout, name, axis, labelY }: RulerDrawingProps) {
  const quietY = axis - 12
  return (
    <svg className={`plot ${name}`} viewBox={`0 0 ${layout.width} ${axis + 24}`} role="img" aria-label={layout.summary}>
      {layout.ticks.map((tick) => {
        const x = round(tick.x)
        return tick.label === null ? (
          <path key={x} className="tick" d={`M${x} ${axis}v4`} />
        ) : (
          <g key={x}>
            <path className="axis" d={`M${x} ${axis}v8`} />
            <text className={anchorClass(x, layout.width)} x={x} y={axis + 20}>
              {tick.label}
            </text>
          </g>
        )
      })}
      {layout.spans.map((span) => (
        <g key={span.from}>
          <rect className="mk" x={round(span.from)} y={axis - 5} width={round(span.to - span.from)} height="5" />
          {span.label && (
            <text className="e" x={round(span.from - 6)} y={axis - 4}>
              {span.label}
            </text>
          )}
        </g>
      ))}
      <path className="axis" d={`M0 ${axis}H${layout.width}`} />
      {layout.quiet.map((quiet) => {
        const from = round(quiet.from)
        const to = round(quiet.to)
        return (
          <g key={from}>
            <path className="dimn" d={`M${from} ${quietY - 3}v6M${to} ${quietY - 3}v6M${from} ${quietY}H${to}`} />
            {quiet.label && (
              <text className="m halo" x={(from + to) / 2} y={quietY + 4}>
                {quiet.label}
              </text>
            )}
          </g>
        )
      })}
      {layout.bursts.map((burst) => (
        <Burst key={burst.x} burst={burst} axis={axis} labelY={labelY} />
      ))}
    </svg>
  )
}

function Burst({ burst, axis, labelY }: { burst: RulerLayout['bursts'][number]; axis: number; labelY: number }) {
  const x = round(burst.x)
  return (
    <g>
      <path className="rule" d={`M${x} ${axis}V26`} />
      <path className="kd" d={burst.count > 1 ? `M${x - 7} 17h14l-7 11.5z` : `M${x - 6} 19h12l-6 9.9z`} />
      {burst.label && (
        <text className={burst.label.anchor === 'end' ? 'e' : ''} x={round(burst.label.x)} y={labelY}>
          <tspan className="b tk">{burst.label.name}</tspan>
          {burst.label.detail && <tspan dx="7">{burst.label.detail}</tspan>}
        </text>
      )}
    </g>
  )
}

/** The same, small, for lists. */
export function SmallRuler({ times, zone }: { times: readonly EpochMs[]; zone: string }) {
  const layout = layoutSmallRuler(times, zone, 320)
  return (
    <svg className="plot" viewBox="0 0 320 26" aria-hidden="true">
      <path className="axis" d="M0 20h320" />
      {layout.ticks.map((x) => (
        <path key={x} className="tick" d={`M${round(x)} 20v3`} />
      ))}
      {layout.bursts.map((burst) => (
        <g key={burst.x}>
          <path className="rule" d={`M${round(burst.x)} 20V11`} />
          <path className="kd" d={`M${round(burst.x) - 4.5} 4h9l-4.5 7.4z`} />
        </g>
      ))}
    </svg>
  )
}
