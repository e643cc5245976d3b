import type { MemoryLayer } from '@/lib/charts/memory-layers'
import { intoRows } from '@/lib/charts/rows'
import { type Columns, expectedStep, type Gap } from '@/lib/charts/series'
import type { ValueScale } from '@/lib/charts/value-scale'
import type { EpochMs } from '@/lib/units'

export interface PanelSeries {
  /** Key of its column. */
  key: string
  label: string
  unit: 'bytes' | 'bytes-per-second' | 'percent' | 'per-second'
  /** Fields it is worked out from. */
  formula: string
}

/** One panel of the stack: columns over time, with what is needed to read them. */
export interface Panel extends Columns {
  /** As listed beside the plot. */
  series: PanelSeries[]
  gaps: Gap[]
  /** Usual distance of its rows; null with fewer than two. */
  stepMs: number | null
  scale: ValueScale
  ceiling: { value: number; label: string } | null
  references: { value: number; label: string }[]
  note: string | null
}

export interface MemoryPanel extends Panel {
  /** Stacked, from the bottom. */
  layers: MemoryLayer[]
  hasAvailable: boolean
}

export interface SwapPanel extends Panel {
  hasUsed: boolean
  /** Scale of in and out, mirrored around zero; null when neither was measured. */
  rateScale: ValueScale | null
}

/** How one series of a panel of lines is told from the others without colour. */
export interface DrawnLine {
  key: string
  /** Place in the palette of lines: 0 the largest. */
  tone: number
  /** A step keeps its value until the next row, as a limit does. */
  shape: 'line' | 'area' | 'step'
  isBold: boolean
  isDashed: boolean
}

/** Several series over one scale, each as a line. */
export interface LinesPanel extends Panel {
  title: string
  /** The title in full, where it is shortened. */
  fullTitle: string
  /** In the order of `series`. */
  lines: DrawnLine[]
}

/** Gaps of a panel's rows: two tools may have measured one host, each with its own. */
export type GapsOf = (at: readonly EpochMs[]) => Gap[]

/** A row every 2 px of the widest plot. */
const MOST_ROWS = 532

/** The rows of a panel as they are drawn, with the gaps between them. */
export function drawnRows(rows: Columns, gapsOf: GapsOf): Pick<Panel, keyof Columns | 'gaps' | 'stepMs'> {
  const gaps = gapsOf(rows.at)
  const drawn = intoRows(rows, MOST_ROWS, gaps)
  return { ...drawn, gaps, stepMs: expectedStep(drawn.at) }
}

/** The greatest of all values, those a row stands for among them; 0 without any. */
export function peakOf({ values, extremes }: Columns, keys: readonly string[]): number {
  return keys
    .flatMap((key) => [values[key] ?? [], extremes[key]?.greatest ?? []])
    .flat()
    .reduce<number>((most, value) => Math.max(most, value ?? 0), 0)
}
