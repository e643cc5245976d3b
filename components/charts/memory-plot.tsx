import { curvesOf, ROW_PX } from '@/components/charts/curves'
import { EmptyPlot } from '@/components/charts/empty-plot'
import { type Geometry, yOf } from '@/components/charts/geometry'
import { fillOf } from '@/components/charts/patterns'
import { Band, Overlay, round } from '@/components/charts/plot-marks'
import type { ChartModel } from '@/lib/charts/chart-model'
import { textWidth } from '@/lib/charts/marks'
import type { MemoryLayer } from '@/lib/charts/memory-layers'
import type { MemoryPanel } from '@/lib/charts/panel'
import { areaPath } from '@/lib/charts/paths'
import { intoRows } from '@/lib/charts/rows'
import { runsBetween } from '@/lib/charts/series'
import { xOf } from '@/lib/charts/time-scale'
import { formatBytes } from '@/lib/units'

/** Memory by kind, stacked to MemTotal, as a drawing that needs no script. */
export function MemoryPlot({ model, geometry }: { model: ChartModel; geometry: Geometry }) {
  const { memory } = model
  const { width, plot, memory: height, head, isCompact, name } = geometry
  if (!memory) return <EmptyPlot model={model} geometry={geometry} height={height} />
  const y = (value: number) => round(yOf(value, memory.scale.max, head, height))
  const layers = stack(memory, model, geometry)
  const available = memory.hasAvailable
    ? curvesOf(memory, 'available', { range: model.range, plot, top: head, foot: height })
    : null
  return (
    <svg className={`plot ${name}`} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={memorySummary(memory)}>
      {memory.scale.ticks
        .filter((tick) => y(tick.value) - head > 10 || !memory.ceiling)
        .map((tick) => (
          <g key={tick.value}>
            <path className="gridline" d={`M0 ${y(tick.value)}H${plot}`} />
            <text x={plot + 8} y={y(tick.value) + 4}>
              {isCompact ? tick.shortLabel : tick.label}
            </text>
          </g>
        ))}
      <Band model={model} plot={plot} height={height} />
      {layers.map((layer) => (
        <path key={layer.key} className="layer" fill={fillOf(layer.key)} d={layer.path} />
      ))}
      {memory.ceiling && (
        <>
          <path className="ceil" d={`M0 ${y(memory.ceiling.value)}H${plot}`} />
          <text className="t2" x="0" y={y(memory.ceiling.value) - 5}>
            {memory.ceiling.label}
          </text>
        </>
      )}
      {available && (
        <>
          {available.band && <path className="envelope" d={available.band} />}
          <path className="traceh" d={available.line} />
          <path className="trace" d={available.line} />
        </>
      )}
      <Overlay
        model={model}
        plot={plot}
        height={height}
        gaps={memory.gaps}
        top={memory.ceiling ? y(memory.ceiling.value) : head}
      />
      {layers.map((layer) => layer.label && <LayerLabel key={layer.key} {...layer.label} />)}
      <path className="axis" d={`M0 ${height - 0.5}H${plot}`} />
      <text x={plot + 8} y={height - 1}>
        0
      </text>
    </svg>
  )
}

interface Layer {
  key: string
  path: string
  label: { text: string; x: number; y: number; isOnDark: boolean } | null
}

/** Painted from the highest edge down, each to the foot of the plot: half the points of closed bands. */
function stack(memory: MemoryPanel, model: ChartModel, geometry: Geometry): Layer[] {
  const { plot, memory: height, head } = geometry
  const rows = intoRows(memory, Math.ceil(plot / ROW_PX), memory.gaps)
  const xs = rows.at.map((at) => xOf(at, model.range, plot))
  const runs = runsBetween(rows.at, memory.gaps)
  const toY = (values: readonly (number | null)[]) =>
    values.map((value) => (value === null ? null : yOf(value, memory.scale.max, head, height)))
  const trace = toY(rows.values.available ?? [])
  let edge: (number | null)[] = rows.at.map(() => 0)
  const drawn = memory.layers.map((layer) => {
    const bottom = edge
    const top = bottom.map((value, index) => {
      const own = rows.values[layer.key]?.[index] ?? null
      return value === null || own === null ? null : value + own
    })
    edge = top
    const tops = toY(top)
    const path = runs
      .map(([first, last]) => {
        const part = tops.slice(first, last + 1)
        return areaPath(
          xs.slice(first, last + 1),
          part,
          part.map((value) => (value === null ? null : height)),
        )
      })
      .join('')
    return { key: layer.key, path, label: layerLabel(layer, xs, { tops, bottoms: toY(bottom), trace }) }
  })
  return drawn.reverse()
}

/** Set at the left, where the layer is thick enough for its name and the trace does not run through it. */
function layerLabel(
  layer: MemoryLayer,
  xs: number[],
  edges: { tops: (number | null)[]; bottoms: (number | null)[]; trace: (number | null)[] },
): Layer['label'] {
  const start = (xs[0] ?? 0) + 14
  const end = start + textWidth(layer.shortLabel, 12.5)
  const inside = xs.flatMap((x, index) => (x >= start - 14 && x <= end + 14 ? [index] : []))
  if (inside.length === 0 || (xs.at(-1) ?? 0) < end) return null
  const top = Math.max(...inside.map((index) => edges.tops[index] ?? Number.POSITIVE_INFINITY))
  const bottom = Math.min(...inside.map((index) => edges.bottoms[index] ?? Number.NEGATIVE_INFINITY))
  if (!(bottom - top >= 18)) return null
  const isFree = (y: number) => inside.every((index) => Math.abs((edges.trace[index] ?? -99) - y) > 13)
  const y = [(top + bottom) / 2, top + 12, bottom - 12].find(isFree)
  if (y === undefined) return null
  return {
    text: layer.shortLabel,
    x: round(start),
    y: round(y + 4),
    isOnDark: layer.key === 'anon' || layer.key === 'used',
  }
}

/** Names of the layers and the zero of the scale alone, to lie over the interactive drawing. */
export function LayerLabels({
  model,
  memory,
  geometry,
}: {
  model: ChartModel
  memory: MemoryPanel
  geometry: Geometry
}) {
  return (
    <svg className="plot layernames" viewBox={`0 0 ${geometry.width} ${geometry.memory}`} aria-hidden="true">
      {stack(memory, model, geometry).map((layer) => layer.label && <LayerLabel key={layer.key} {...layer.label} />)}
      <text x={geometry.plot + 8} y={geometry.memory - 1}>
        0
      </text>
    </svg>
  )
}

function LayerLabel({ text, x, y, isOnDark }: { text: string; x: number; y: number; isOnDark: boolean }) {
  return (
    <text className={isOnDark ? 'b onink' : 't1'} x={x} y={y}>
      {text}
    </text>
  )
}

/** The panel in one sentence, for those who do not see it. */
export function memorySummary(memory: MemoryPanel): string {
  const key = memory.hasAvailable ? 'available' : 'free'
  const name = memory.hasAvailable ? 'MemAvailable' : 'Free memory'
  const first = (memory.values[key] ?? []).find((value) => value !== null) ?? null
  const known = (memory.extremes[key]?.least ?? memory.values[key] ?? []).filter((value) => value !== null)
  if (first === null || known.length === 0) return 'Memory by kind.'
  const least = known.reduce((a, b) => Math.min(a, b))
  return `Memory by kind. ${name} begins at ${formatBytes(first)} and is at least ${formatBytes(least)}.`
}
