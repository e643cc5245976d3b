import type { Mark } from '@/lib/charts/marks'
import { isTold, layerColumns, type MemoryLayer, memoryLayers } from '@/lib/charts/memory-layers'
import { type Columns, expectedStep, findGaps, type Gap, joinGaps, keepExtremes, timesOf } from '@/lib/charts/series'
import type { TimeRange } from '@/lib/charts/time-scale'
import { byteScale, countScale, percentScale, type ValueScale } from '@/lib/charts/value-scale'
import type { Sample, SampleField, Series } from '@/lib/metrics/sample'
import { type Bytes, type EpochMs, formatBytes } from '@/lib/units'

export type LaneKind = 'kills' | 'reports' | 'signs' | 'reboots' | 'notes'

/** One kind of event over the plots. Marks ascending by `at`. */
export interface Lane {
  kind: LaneKind
  label: string
  marks: Mark[]
}

/** What one OOM report says about the machine or the control group it is about: drawn as a column when nothing else was measured. */
export interface ReportFigures {
  at: EpochMs
  /** What its parts add up to: "RAM", or the limit of a control group. */
  totalName: string
  total: Bytes
  /** From the bottom; together at most `total`. */
  parts: { key: string; label: string; bytes: Bytes }[]
}

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

/** Everything the chart stack draws, as plain data: the static and the interactive view are two drawings of it. */
export interface ChartModel {
  range: TimeRange
  zone: string
  /** The incident's own span, shaded. */
  band: TimeRange | null
  lanes: Lane[]
  /** Null: not measured in this range. */
  memory: MemoryPanel | null
  swap: SwapPanel | null
  pressure: Panel | null
  reports: ReportFigures[]
  /** Instant that the readings are taken at. */
  readAt: EpochMs
  /** Usual distance of samples; null without any. */
  stepMs: number | null
}

export interface ChartInput {
  /** Ascending, of one host. */
  samples: Series
  /** Gaps found before the samples were put in buckets, which hide the short ones; null: the samples are as measured. */
  gaps: readonly Gap[] | null
  range: TimeRange
  zone: string
  band: TimeRange | null
  lanes: Lane[]
  reports: ReportFigures[]
  readAt: EpochMs
}

/** Rows kept for the widest plot: one stretch of time every 6 px. */
const BUCKETS = 177

export function chartModel(input: ChartInput): ChartModel {
  const samples = input.samples.filter((sample) => sample.at >= input.range.from && sample.at <= input.range.to)
  const reboots = input.lanes.find((lane) => lane.kind === 'reboots')?.marks.map((mark) => mark.at) ?? []
  const gapsOf = (at: readonly EpochMs[]) =>
    joinGaps(findGaps(at, input.range), at.length > 0 ? (input.gaps ?? []) : []).map((gap) =>
      reboots.some((reboot) => reboot >= gap.from && reboot <= gap.to) ? { ...gap, reason: 'reboot' as const } : gap,
    )
  return {
    range: input.range,
    zone: input.zone,
    band: input.band,
    lanes: input.lanes,
    reports: input.reports.filter((report) => report.at >= input.range.from && report.at <= input.range.to),
    readAt: input.readAt,
    stepMs: expectedStep(timesOf(samples)),
    memory: memoryPanel(samples, gapsOf),
    swap: swapPanel(samples, gapsOf),
    pressure: pressurePanel(samples, gapsOf),
  }
}

/** Gaps of a panel's rows: two tools may have measured one host, each with its own. */
type GapsOf = (at: readonly EpochMs[]) => Gap[]

function memoryPanel(all: Series, gapsOf: GapsOf): MemoryPanel | null {
  const samples = telling(all, 'memFree', 'memUsed', 'memAvailable')
  const layers = memoryLayers(samples)
  const hasAvailable = isTold(samples, 'memAvailable')
  if (layers.length === 0 && !hasAvailable) return null
  const columns = layerColumns(samples)
  const values: Columns['values'] = Object.fromEntries(columns)
  if (hasAvailable) values.available = column(samples, 'memAvailable')
  const rows = complete(
    { at: timesOf(samples), values },
    layers.length > 0 ? layers.map((layer) => layer.key) : ['available'],
  )
  const total = lastOf(samples, 'memTotal')
  const highest = greatest(rows.at.map((_, index) => stackHeight(rows, layers, index)))
  return {
    ...keepExtremes(rows, BUCKETS, [...(hasAvailable ? ['available'] : []), layers[0]?.key ?? 'available', 'free']),
    layers,
    hasAvailable,
    series: [
      ...layers
        .map((layer): PanelSeries => ({ key: layer.key, label: layer.label, unit: 'bytes', formula: layer.formula }))
        .reverse(),
      ...(hasAvailable
        ? [{ key: 'available', label: 'MemAvailable', unit: 'bytes', formula: 'MemAvailable' } as const]
        : []),
    ],
    gaps: gapsOf(rows.at),
    scale: byteScale(Math.max(total ?? 0, highest)),
    ceiling: total === null ? null : { value: total, label: `MemTotal ${formatBytes(total)}` },
    references: [],
    note: null,
  }
}

function swapPanel(all: Series, gapsOf: GapsOf): SwapPanel | null {
  const samples = telling(all, 'swapFree', 'swapInPerSec', 'swapOutPerSec')
  const hasUsed = isTold(samples, 'swapTotal') && isTold(samples, 'swapFree')
  const rates = (['swapInPerSec', 'swapOutPerSec'] as const).filter((field) => isTold(samples, field))
  if (!hasUsed && rates.length === 0) return null
  const values: Columns['values'] = {}
  if (hasUsed) values.used = samples.map(swapUsed)
  for (const field of rates) values[field === 'swapInPerSec' ? 'in' : 'out'] = column(samples, field)
  const rows = complete({ at: timesOf(samples), values }, hasUsed ? ['used'] : Object.keys(values))
  const total = lastOf(samples, 'swapTotal')
  const used = values.used ?? []
  const peak = greatest([...(values.in ?? []), ...(values.out ?? [])])
  return {
    ...keepExtremes(rows, BUCKETS),
    hasUsed,
    rateScale: rates.length > 0 ? byteScale(peak, '/s') : null,
    series: [
      ...(hasUsed ? [{ key: 'used', label: 'Used', unit: 'bytes', formula: 'SwapTotal − SwapFree' } as const] : []),
      ...(values.in
        ? [{ key: 'in', label: 'In', unit: 'bytes-per-second', formula: 'pswpin, in bytes' } as const]
        : []),
      ...(values.out
        ? [{ key: 'out', label: 'Out', unit: 'bytes-per-second', formula: 'pswpout, in bytes' } as const]
        : []),
    ],
    gaps: gapsOf(rows.at),
    scale: byteScale(Math.max(total ?? 0, greatest(used))),
    ceiling: hasUsed && total !== null && total > 0 ? { value: total, label: `SwapTotal ${formatBytes(total)}` } : null,
    references: [],
    note: hasUsed && total === 0 ? 'This machine has no swap.' : null,
  }
}

/**
 * PSI where it was measured; else major faults or allocation stalls, said to be a substitute.
 *
 * @see Linux Documentation/accounting/psi.rst
 */
function pressurePanel(all: Series, gapsOf: GapsOf): Panel | null {
  const psi = telling(all, 'psiMemSomeAvg10')
  const hasPsi = psi.length > 1
  const samples = hasPsi ? psi : telling(all, 'majorFaultsPerSec', 'allocStallPerSec')
  const fields: [SampleField, string, string][] = hasPsi
    ? [
        ['psiMemSomeAvg10', 'some', 'Some'],
        ['psiMemFullAvg10', 'full', 'Full'],
      ]
    : [
        ['majorFaultsPerSec', 'faults', 'Major faults'],
        ['allocStallPerSec', 'stalls', 'Allocation stalls'],
      ]
  const told = fields.filter(([field]) => isTold(samples, field))
  if (told.length === 0) return null
  const values = Object.fromEntries(told.map(([field, key]) => [key, column(samples, field)]))
  const rows = complete({ at: timesOf(samples), values }, [told[0]?.[1] ?? ''])
  const peak = greatest(Object.values(values).flat())
  const scale = hasPsi ? percentScale(peak) : countScale(peak, '/s')
  return {
    ...keepExtremes(rows, BUCKETS),
    series: told.map(([field, key, label]) => ({
      key,
      label,
      unit: hasPsi ? 'percent' : 'per-second',
      formula: field,
    })),
    gaps: gapsOf(rows.at),
    scale,
    ceiling: null,
    references: hasPsi
      ? [10, 40].filter((value) => value < scale.max).map((value) => ({ value, label: `${value}\u00a0%` }))
      : [],
    note: hasPsi ? null : 'Stands in for PSI, which was not measured here.',
  }
}

/** Leaves out rows in which none of the needed columns is told: another tool's samples between these are not holes. */
function complete(columns: Columns, needed: readonly string[]): Columns {
  const kept = columns.at.flatMap((_, index) =>
    needed.some((key) => (columns.values[key]?.[index] ?? null) !== null) ? [index] : [],
  )
  if (kept.length === columns.at.length) return columns
  return {
    at: kept.map((index) => columns.at[index] ?? 0),
    values: Object.fromEntries(
      Object.entries(columns.values).map(([key, values]) => [key, kept.map((index) => values[index] ?? null)]),
    ),
  }
}

/** The samples that tell any of these fields: two tools may have measured one host, each its own. */
function telling(samples: Series, ...fields: SampleField[]): Series {
  return samples.filter((sample) => fields.some((field) => typeof sample[field] === 'number'))
}

function stackHeight(rows: Columns, layers: readonly MemoryLayer[], index: number): number {
  return layers.reduce((height, layer) => height + (rows.values[layer.key]?.[index] ?? 0), 0)
}

function column(samples: Series, field: SampleField): (number | null)[] {
  return samples.map((sample) => sample[field] ?? null)
}

function swapUsed(sample: Sample): Bytes | null {
  const { swapTotal, swapFree } = sample
  return typeof swapTotal === 'number' && typeof swapFree === 'number' ? Math.max(0, swapTotal - swapFree) : null
}

function lastOf(samples: Series, field: SampleField): number | null {
  return samples.findLast((sample) => typeof sample[field] === 'number')?.[field] ?? null
}

function greatest(values: readonly (number | null)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0)
}
