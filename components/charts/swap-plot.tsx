import { curvesOf } from '@/components/charts/curves'
import { type Geometry, yOf } from '@/components/charts/geometry'
import { fillOf } from '@/components/charts/patterns'
import { Band, Overlay, round } from '@/components/charts/plot-marks'
import type { ChartModel } from '@/lib/charts/chart-model'
import type { SwapPanel } from '@/lib/charts/panel'
import { xOf } from '@/lib/charts/time-scale'

/** Heights of the two halves: used above, in and out mirrored below. */
interface Halves {
  top: number
  usedFoot: number
  middle: number
  half: number
}

/** Swap used against its total, and what moved in and out each second. */
export function SwapPlot({ model, swap, geometry }: { model: ChartModel; swap: SwapPanel; geometry: Geometry }) {
  const { width, plot, swap: height, name, isCompact } = geometry
  const halves = splitHeight(swap, height)
  const y = (value: number) => round(yOf(value, swap.scale.max, halves.top, halves.usedFoot))
  const used = curvesOf(swap, 'used', { range: model.range, plot, top: halves.top, foot: halves.usedFoot })
  return (
    <svg
      className={`plot ${name}`}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label="Swap used, swapped in and out"
    >
      <Band model={model} plot={plot} height={height} />
      {swap.hasUsed && (
        <>
          {swap.scale.ticks.slice(-1).map((tick) => (
            <text key={tick.value} x={plot + 8} y={y(tick.value) + 4}>
              {isCompact ? tick.shortLabel : tick.label}
            </text>
          ))}
          <path className="layer" fill={fillOf('used-swap')} d={used.ground} />
          {used.band && (
            <>
              <path className="swapband" d={used.band} />
              <path className="swaptrace" d={used.line} />
            </>
          )}
          {swap.ceiling && (
            <>
              <path className="ceil" d={`M0 ${y(swap.ceiling.value)}H${plot}`} />
              <text className="t2" x="0" y={y(swap.ceiling.value) - 5}>
                {swap.ceiling.label}
              </text>
            </>
          )}
          <path className="axis" d={`M0 ${halves.usedFoot}H${plot}`} />
        </>
      )}
      {swap.rateScale && <Rates model={model} swap={swap} plot={plot} halves={halves} />}
      <Overlay model={model} plot={plot} height={height} gaps={swap.gaps} top={halves.top} />
    </svg>
  )
}

function Rates({ model, swap, plot, halves }: { model: ChartModel; swap: SwapPanel; plot: number; halves: Halves }) {
  const tick = swap.rateScale?.ticks.at(-1)
  const scale = swap.rateScale?.max ?? 1
  return (
    <>
      <path className="tick" d={`M0 ${halves.middle}H${plot}`} />
      {bars(model, swap, plot).map((bar) => {
        const up = (bar.in / scale) * halves.half
        const down = (bar.out / scale) * halves.half
        return (
          <g key={bar.x}>
            {up > 0 && (
              <rect fill={fillOf('in')} x={bar.x} y={round(halves.middle - up)} width={BAR - 1} height={round(up)} />
            )}
            {down > 0 && <rect fill={fillOf('out')} x={bar.x} y={halves.middle} width={BAR - 1} height={round(down)} />}
          </g>
        )
      })}
      {tick && (
        <>
          <text x={plot + 8} y={round(halves.middle - (tick.value / scale) * halves.half + 4)}>
            {tick.shortLabel} in
          </text>
          <text x={plot + 8} y={halves.middle + 4}>
            {swap.rateScale?.unit}
          </text>
          <text x={plot + 8} y={round(halves.middle + (tick.value / scale) * halves.half + 4)}>
            {tick.shortLabel} out
          </text>
        </>
      )}
    </>
  )
}

const BAR = 5

/** One bar every 5 px: the greatest rate in it, never a mean. */
function bars(model: ChartModel, swap: SwapPanel, plot: number): { x: number; in: number; out: number }[] {
  const slots = new Map<number, { in: number; out: number }>()
  swap.at.forEach((at, index) => {
    const slot = Math.floor(xOf(at, model.range, plot) / BAR)
    const bar = slots.get(slot) ?? { in: 0, out: 0 }
    bar.in = Math.max(bar.in, swap.extremes.in?.greatest[index] ?? 0)
    bar.out = Math.max(bar.out, swap.extremes.out?.greatest[index] ?? 0)
    slots.set(slot, bar)
  })
  return [...slots].flatMap(([slot, bar]) => (bar.in + bar.out > 0 ? [{ x: slot * BAR, ...bar }] : []))
}

/** Both halves share the height; a half that was not measured leaves it to the other. */
export function splitHeight(swap: SwapPanel, height: number): Halves {
  const top = 16
  if (!swap.rateScale) return { top, usedFoot: height - 4, middle: height, half: 0 }
  const usedFoot = swap.hasUsed ? Math.round(height * 0.54) : top
  const room = height - usedFoot - 12
  return { top, usedFoot, middle: Math.round(usedFoot + 8 + room / 2), half: Math.floor(room / 2) }
}
