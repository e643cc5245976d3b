import { Area, ReferenceArea, ReferenceLine, XAxis, YAxis } from 'recharts'
import type { Geometry } from '@/components/charts/geometry'
import { gapWords } from '@/components/charts/plot-marks'
import type { ChartModel } from '@/lib/charts/chart-model'
import type { Panel } from '@/lib/charts/panel'
import { hasBand } from '@/lib/charts/rows'
import { type Gap, gapsBefore } from '@/lib/charts/series'
import { xOf } from '@/lib/charts/time-scale'

/** Values of one instant under their series' keys, and under `least` and `span` of these; null breaks a line. */
export type Row = { at: number } & { [key: string]: number | null | [least: number, greatest: number] }

/** What was reached all the time: the least where rows stand for several samples. */
export function groundKey(panel: Panel, key: string): string {
  return hasBand(panel, key) ? `${key} least` : key
}

/** Between the least and the greatest of what rows stand for. */
export function band(panel: Panel, key: string, fill: string, fillOpacity = 0.22) {
  if (!hasBand(panel, key)) return null
  return (
    <Area
      key={`band-${key}`}
      dataKey={`${key} span`}
      type="linear"
      fill={fill}
      fillOpacity={fillOpacity}
      stroke="none"
      {...STILL}
    />
  )
}

/** Nothing moves, nothing is joined over a gap. */
export const STILL = { isAnimationActive: false, connectNulls: false, dot: false, activeDot: false } as const
export const QUIET_AXIS = {
  axisLine: false,
  tickLine: false,
  interval: 0,
  tick: { fontSize: 11, fill: 'var(--color-ink-3)' },
} as const

const GAP_LABEL = { position: 'center', angle: -90, fontSize: 11, fill: 'var(--color-ink-2)' } as const

export function frame(geometry: Geometry, height: number) {
  return {
    width: geometry.width,
    height: Math.max(20, height),
    margin: { top: 0, right: 0, bottom: 0, left: 0 },
    accessibilityLayer: false,
  }
}

// Recharts finds axes and reference lines by looking through its own children: they must be elements, not components.
export function axes(model: ChartModel, geometry: Geometry, panel: Panel, top: number) {
  const label = new Map(
    panel.scale.ticks.map((tick) => [tick.value, geometry.isCompact ? tick.shortLabel : tick.label]),
  )
  const ticks = [...panel.scale.ticks.map((tick) => tick.value), ...panel.references.map((tick) => tick.value)]
  for (const reference of panel.references) label.set(reference.value, reference.label)
  return (
    <>
      <XAxis dataKey="at" type="number" domain={[model.range.from, model.range.to]} hide />
      <YAxis
        orientation="right"
        width={geometry.width - geometry.plot}
        domain={[0, panel.scale.max]}
        padding={{ top }}
        ticks={ticks}
        tickFormatter={(value: number) => label.get(value) ?? ''}
        {...QUIET_AXIS}
      />
      {panel.scale.ticks.map((tick) => (
        <ReferenceLine key={tick.value} y={tick.value} stroke="var(--color-line)" />
      ))}
    </>
  )
}

export function ground(model: ChartModel) {
  if (!model.band) return null
  const from = Math.max(model.band.from, model.range.from)
  const to = Math.min(model.band.to, model.range.to)
  return to > from ? (
    <ReferenceArea x1={from} x2={to} fill="var(--color-kill)" fillOpacity={0.05} ifOverflow="hidden" />
  ) : null
}

/** The foot of the plot, then what lies over the data. */
export function overlay(model: ChartModel, panel: Panel, geometry: Geometry, height: number) {
  return (
    <>
      <ReferenceLine y={0} stroke="var(--color-ink)" />
      {gapsAndKills(model, panel, geometry, height)}
    </>
  )
}

export function gapsAndKills(model: ChartModel, panel: Panel, geometry: Geometry, room: number) {
  const kills = model.lanes.find((lane) => lane.kind === 'kills')?.marks ?? []
  const drawn = new Map<number, (typeof kills)[number]>()
  for (const kill of kills) {
    if (kill.at < model.range.from || kill.at > model.range.to) continue
    const pixel = Math.round(xOf(kill.at, model.range, geometry.plot) * 2)
    if (kill.isSelected || !drawn.has(pixel)) drawn.set(pixel, kill)
  }
  const wordsOf = (gap: Gap) => {
    const width = xOf(gap.to, model.range, geometry.plot) - xOf(gap.from, model.range, geometry.plot)
    const value = width > 18 ? gapWords(gap, model.zone, room) : null
    return value === null ? undefined : { ...GAP_LABEL, value }
  }
  return (
    <>
      {panel.gaps.flatMap((gap) => [
        <ReferenceArea
          key={`ground-${gap.from}`}
          x1={gap.from}
          x2={gap.to}
          fill="var(--color-paper)"
          fillOpacity={1}
        />,
        <ReferenceArea
          key={`gap-${gap.from}`}
          x1={gap.from}
          x2={gap.to}
          fill={gap.reason === 'not-yet' ? 'none' : 'url(#hatch)'}
          fillOpacity={1}
          label={wordsOf(gap)}
        />,
      ])}
      {[...drawn.values()].flatMap((kill) => [
        <ReferenceLine
          key={`halo-${kill.id}`}
          x={kill.at}
          stroke="var(--color-paper)"
          strokeWidth={4}
          strokeOpacity={0.88}
        />,
        <ReferenceLine key={kill.id} x={kill.at} stroke="var(--color-kill)" strokeWidth={kill.isSelected ? 2 : 1.25} />,
      ])}
    </>
  )
}

export function Ceiling({ value, label }: { value: number; label: string }) {
  return (
    <ReferenceLine
      y={value}
      stroke="var(--color-ink)"
      label={{ value: label, position: 'insideBottomLeft', fontSize: 11, fill: 'var(--color-ink-2)', offset: 2 }}
    />
  )
}

/** Rows in Recharts' own shape, with a row of nulls in the middle of a gap. */
export function rowsOf(panel: Panel): Row[] {
  const keys = Object.keys(panel.values)
  const banded = Object.entries(panel.extremes).filter(([key]) => hasBand(panel, key))
  const breaks = gapsBefore(panel.at, panel.gaps)
  return panel.at.flatMap((at, index) => {
    const row: Row = { at }
    for (const key of keys) row[key] = panel.values[key]?.[index] ?? null
    for (const [key, { least, greatest }] of banded) {
      const [low, high] = [least[index] ?? null, greatest[index] ?? null]
      row[`${key} least`] = low
      row[`${key} span`] = low === null || high === null ? null : [low, high]
    }
    const gap = breaks.get(index)
    return gap ? [{ at: (gap.from + gap.to) / 2 }, row] : [row]
  })
}
