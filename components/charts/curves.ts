import { yOf } from '@/components/charts/geometry'
import type { Panel } from '@/lib/charts/panel'
import { areaPath, linePath, stepPath } from '@/lib/charts/paths'
import { hasBand, intoRows } from '@/lib/charts/rows'
import { runsBetween } from '@/lib/charts/series'
import { type TimeRange, xOf } from '@/lib/charts/time-scale'

/** A row every so many pixels: finer, and bands turn into stripes and the page into paths. */
export const ROW_PX = 6

export interface Frame {
  range: TimeRange
  /** Width of the plot. */
  plot: number
  /** Vertical place of the scale's end and of zero. */
  top: number
  foot: number
}

/** Drawings of one series, broken at gaps. */
export interface Curves {
  line: string
  step: string
  /** From the foot to what was reached all the time: the least, or the line itself. */
  ground: string
  /** Between the least and the greatest of what rows stand for; empty where they stand for themselves. */
  band: string
}

export function curvesOf(panel: Panel, key: string, { range, plot, top, foot }: Frame): Curves {
  const rows = intoRows(panel, Math.ceil(plot / ROW_PX), panel.gaps)
  const xs = rows.at.map((at) => xOf(at, range, plot))
  const toY = (column: readonly (number | null)[]) =>
    column.map((value) => (value === null ? null : yOf(Math.min(value, panel.scale.max), panel.scale.max, top, foot)))
  const values = toY(rows.values[key] ?? [])
  const isBanded = hasBand(rows, key)
  const least = isBanded ? toY(rows.extremes[key]?.least ?? []) : values
  const greatest = isBanded ? toY(rows.extremes[key]?.greatest ?? []) : values
  const feet = least.map((value) => (value === null ? null : foot))
  const runs = runsBetween(rows.at, panel.gaps)
  const draw = (path: (from: number, to: number) => string) =>
    runs.map(([first, last]) => path(first, last + 1)).join('')
  return {
    line: draw((from, to) => linePath(xs.slice(from, to), values.slice(from, to))),
    step: draw((from, to) => stepPath(xs.slice(from, to), values.slice(from, to))),
    ground: draw((from, to) => areaPath(xs.slice(from, to), least.slice(from, to), feet.slice(from, to))),
    band: isBanded
      ? draw((from, to) => areaPath(xs.slice(from, to), greatest.slice(from, to), least.slice(from, to)))
      : '',
  }
}
