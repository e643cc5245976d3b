'use client'

import { Area, Bar, ComposedChart, Line, ReferenceLine, XAxis, YAxis } from 'recharts'
import type { Geometry } from '@/components/charts/geometry'
import {
  axes,
  band,
  Ceiling,
  frame,
  gapsAndKills,
  ground,
  groundKey,
  overlay,
  QUIET_AXIS,
  type Row,
  rowsOf,
  STILL,
} from '@/components/charts/interactive-parts'
import { toneOf } from '@/components/charts/line-tones'
import { LINES_TOP } from '@/components/charts/lines-plot'
import { LayerLabels } from '@/components/charts/memory-plot'
import { fillOf } from '@/components/charts/patterns'
import { PRESSURE_TOP } from '@/components/charts/pressure-plot'
import { splitHeight } from '@/components/charts/swap-plot'
import type { ChartModel } from '@/lib/charts/chart-model'
import type { LinesPanel, MemoryPanel, Panel, SwapPanel } from '@/lib/charts/panel'
import { hasBand } from '@/lib/charts/rows'

interface PanelProps {
  model: ChartModel
  geometry: Geometry
}

/** Memory by kind, the same as the static plot, drawn by Recharts. */
export function InteractiveMemory({ model, memory, geometry }: PanelProps & { memory: MemoryPanel }) {
  return (
    <div className="overlaid">
      <ComposedChart {...frame(geometry, geometry.memory)} data={rowsOf(memory)}>
        {axes(model, geometry, memory, geometry.head)}
        {ground(model)}
        {memory.layers.map((layer) => (
          <Area
            key={layer.key}
            dataKey={layer.key}
            stackId="memory"
            type="linear"
            fill={fillOf(layer.key)}
            fillOpacity={1}
            stroke="var(--color-paper)"
            strokeWidth={0.75}
            {...STILL}
          />
        ))}
        {memory.ceiling && <Ceiling value={memory.ceiling.value} label={memory.ceiling.label} />}
        {hasBand(memory, 'available') && (
          <Area
            dataKey="available span"
            type="linear"
            fill="var(--color-paper)"
            fillOpacity={0.5}
            stroke="var(--color-ink)"
            strokeOpacity={0.6}
            strokeWidth={0.75}
            {...STILL}
          />
        )}
        {memory.hasAvailable && (
          <Line
            dataKey="available"
            type="linear"
            stroke="var(--color-paper)"
            strokeOpacity={0.9}
            strokeWidth={4.5}
            {...STILL}
          />
        )}
        {memory.hasAvailable && (
          <Line dataKey="available" type="linear" stroke="var(--color-ink)" strokeWidth={1.75} {...STILL} />
        )}
        {overlay(model, memory, geometry, geometry.memory - geometry.head)}
      </ComposedChart>
      <LayerLabels model={model} memory={memory} geometry={geometry} />
    </div>
  )
}

/** Swap used, and in and out mirrored below it. */
export function InteractiveSwap({ model, swap, geometry }: PanelProps & { swap: SwapPanel }) {
  const halves = splitHeight(swap, geometry.swap)
  const rateHeight = geometry.swap - halves.usedFoot
  const rate = swap.rateScale
  return (
    <div>
      {swap.hasUsed && (
        <ComposedChart {...frame(geometry, halves.usedFoot)} data={rowsOf(swap)}>
          {axes(model, geometry, { ...swap, scale: { ...swap.scale, ticks: swap.scale.ticks.slice(-1) } }, halves.top)}
          {ground(model)}
          <Area
            dataKey={groundKey(swap, 'used')}
            type="linear"
            fill={fillOf('used-swap')}
            fillOpacity={1}
            stroke="none"
            {...STILL}
          />
          {band(swap, 'used', 'var(--color-swap)', 0.4)}
          {hasBand(swap, 'used') && (
            <Line dataKey="used" type="linear" stroke="var(--color-swap)" strokeWidth={1.5} {...STILL} />
          )}
          {swap.ceiling && <Ceiling value={swap.ceiling.value} label={swap.ceiling.label} />}
          {overlay(model, swap, geometry, halves.usedFoot - halves.top)}
        </ComposedChart>
      )}
      {rate && (
        <ComposedChart {...frame(geometry, rateHeight)} data={mirrored(swap)} stackOffset="sign" barGap={0}>
          <XAxis dataKey="at" type="number" domain={[model.range.from, model.range.to]} hide />
          <YAxis
            orientation="right"
            width={geometry.width - geometry.plot}
            domain={[-rate.max, rate.max]}
            padding={{ top: 8, bottom: 8 }}
            ticks={rateTicks(rate)}
            tickFormatter={(value: number) => rateLabel(value, rate, geometry)}
            {...QUIET_AXIS}
          />
          {ground(model)}
          <ReferenceLine y={0} stroke="var(--color-line-strong)" />
          <Bar dataKey="in" stackId="rate" fill={fillOf('in')} barSize={3} isAnimationActive={false} />
          <Bar dataKey="out" stackId="rate" fill={fillOf('out')} barSize={3} isAnimationActive={false} />
          {gapsAndKills(model, swap, geometry, 0)}
        </ComposedChart>
      )}
    </div>
  )
}

/** PSI or its substitute. */
export function InteractivePressure({ model, pressure, geometry }: PanelProps & { pressure: Panel }) {
  const [first, second] = pressure.series
  return (
    <ComposedChart {...frame(geometry, geometry.pressure)} data={rowsOf(pressure)}>
      {axes(model, geometry, pressure, PRESSURE_TOP)}
      {ground(model)}
      {first && (
        <Area
          dataKey={groundKey(pressure, first.key)}
          type="linear"
          fill="var(--color-psi-some)"
          fillOpacity={0.38}
          stroke="none"
          {...STILL}
        />
      )}
      {first && band(pressure, first.key, 'var(--color-psi-some)')}
      {first && (
        <Line
          dataKey={first.key}
          type="linear"
          stroke={second ? 'var(--color-psi-some)' : 'var(--color-psi-full)'}
          strokeWidth={second ? 1.25 : 1.75}
          {...STILL}
        />
      )}
      {second && band(pressure, second.key, 'var(--color-psi-full)')}
      {second && (
        <Line dataKey={second.key} type="linear" stroke="var(--color-psi-full)" strokeWidth={1.75} {...STILL} />
      )}
      {pressure.references.map((reference) => (
        <ReferenceLine key={reference.value} y={reference.value} stroke="var(--color-ink-2)" strokeDasharray="4 3" />
      ))}
      {overlay(model, pressure, geometry, geometry.pressure - PRESSURE_TOP)}
    </ComposedChart>
  )
}

/** Processes or control groups, each a line. */
export function InteractiveLines({ model, panel, geometry }: PanelProps & { panel: LinesPanel }) {
  return (
    <ComposedChart {...frame(geometry, geometry.lines)} data={rowsOf(panel)}>
      {axes(model, geometry, panel, LINES_TOP)}
      {ground(model)}
      {panel.lines
        .toReversed()
        .flatMap((line) => [
          line.shape === 'area' && (
            <Area
              key={`ground-${line.key}`}
              dataKey={groundKey(panel, line.key)}
              type="linear"
              fill={toneOf(line.tone)}
              fillOpacity={0.3}
              stroke="none"
              {...STILL}
            />
          ),
          band(panel, line.key, toneOf(line.tone)),
          <Line
            key={line.key}
            dataKey={line.key}
            type={line.shape === 'step' ? 'stepAfter' : 'linear'}
            stroke={toneOf(line.tone)}
            strokeWidth={line.isBold ? 3 : 1.5}
            strokeDasharray={line.isDashed ? '6 4' : undefined}
            {...STILL}
          />,
        ])}
      {panel.ceiling && <Ceiling value={panel.ceiling.value} label={panel.ceiling.label} />}
      {overlay(model, panel, geometry, geometry.lines - LINES_TOP)}
    </ComposedChart>
  )
}

/** In up, out down; each the greatest of what its row stands for, never a mean. */
function mirrored({ at, extremes }: SwapPanel): Row[] {
  return at.map((instant, row) => {
    const out = extremes.out?.greatest[row] ?? null
    return { at: instant, in: extremes.in?.greatest[row] ?? null, out: out === null ? null : -out }
  })
}

function rateTicks(rate: { ticks: { value: number }[] }): number[] {
  const last = rate.ticks.at(-1)?.value
  return last === undefined ? [0] : [-last, 0, last]
}

/** A phone has no room for the direction: in is above the line, as the legend's swatches show. */
function rateLabel(
  value: number,
  rate: { unit: string | null; ticks: { value: number; shortLabel: string }[] },
  geometry: Geometry,
): string {
  if (value === 0) return rate.unit ?? ''
  const number = rate.ticks.at(-1)?.shortLabel ?? ''
  return geometry.isCompact ? number : `${number}\u00a0${value > 0 ? 'in' : 'out'}`
}
