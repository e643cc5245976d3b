import { isTold, layerColumns, type MemoryLayer, memoryLayers } from '@/lib/charts/memory-layers'
import {
  drawnRows,
  type GapsOf,
  type MemoryPanel,
  type Panel,
  type PanelSeries,
  peakOf,
  type SwapPanel,
} from '@/lib/charts/panel'
import { pickRows } from '@/lib/charts/rows'
import type { Columns } from '@/lib/charts/series'
import { byteScale, countScale, percentScale } from '@/lib/charts/value-scale'
import type { Sample, SampleField } from '@/lib/metrics/sample'
import { type Bytes, formatBytes } from '@/lib/units'

/** A sample with the least and the greatest of what it stands for; one and the same where it stands for itself. */
export interface Measured {
  sample: Sample
  least: Sample
  greatest: Sample
}

/** A line of a panel, with the way to work it and its extremes out. */
interface Line extends PanelSeries {
  read: (measured: Measured) => { value: number | null; least: number | null; greatest: number | null }
}

/** Memory by kind, stacked to MemTotal; null when too little is told. */
export function memoryPanel(all: readonly Measured[], gapsOf: GapsOf): MemoryPanel | null {
  const measured = telling(all, 'memFree', 'memUsed', 'memAvailable')
  const samples = measured.map(({ sample }) => sample)
  const layers = memoryLayers(samples)
  const hasAvailable = isTold(samples, 'memAvailable')
  if (layers.length === 0 && !hasAvailable) return null
  const lines = hasAvailable ? [lineOf('memAvailable', 'available', 'MemAvailable', 'bytes')] : []
  const columns = columnsOf(measured, lines)
  for (const [key, column] of layerColumns(samples)) columns.values[key] = column
  const rows = complete(columns, layers.length > 0 ? layers.map((layer) => layer.key) : ['available'])
  const total = lastOf(samples, 'memTotal')
  const highest = rows.at.reduce((most, _, row) => Math.max(most, stackHeight(rows, layers, row)), 0)
  return {
    ...drawnRows(rows, gapsOf),
    layers,
    hasAvailable,
    series: [
      ...layers
        .map((layer): PanelSeries => ({ key: layer.key, label: layer.label, unit: 'bytes', formula: layer.formula }))
        .reverse(),
      ...lines.map(withoutRead),
    ],
    scale: byteScale(Math.max(total ?? 0, highest)),
    ceiling: total === null ? null : { value: total, label: `MemTotal ${formatBytes(total)}` },
    references: [],
    note: null,
  }
}

/** Swap used against its total, and what moved in and out each second; null when nothing of it is told. */
export function swapPanel(all: readonly Measured[], gapsOf: GapsOf): SwapPanel | null {
  const measured = telling(all, 'swapFree', 'swapInPerSec', 'swapOutPerSec')
  const samples = measured.map(({ sample }) => sample)
  const hasUsed = isTold(samples, 'swapTotal') && isTold(samples, 'swapFree')
  const rates = [
    lineOf('swapInPerSec', 'in', 'In', 'bytes-per-second', 'pswpin, in bytes'),
    lineOf('swapOutPerSec', 'out', 'Out', 'bytes-per-second', 'pswpout, in bytes'),
  ].filter((_, index) => isTold(samples, index === 0 ? 'swapInPerSec' : 'swapOutPerSec'))
  const lines = [...(hasUsed ? [SWAP_USED] : []), ...rates]
  if (lines.length === 0) return null
  const keys = lines.map(({ key }) => key)
  const rows = complete(columnsOf(measured, lines), hasUsed ? ['used'] : keys)
  const total = lastOf(samples, 'swapTotal')
  return {
    ...drawnRows(rows, gapsOf),
    hasUsed,
    rateScale: rates.length > 0 ? byteScale(peakOf(rows, ['in', 'out']), '/s') : null,
    series: lines.map(withoutRead),
    scale: byteScale(Math.max(total ?? 0, peakOf(rows, ['used']))),
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
export function pressurePanel(all: readonly Measured[], gapsOf: GapsOf): Panel | null {
  const psi = telling(all, 'psiMemSomeAvg10')
  const hasPsi = psi.length > 1
  const measured = hasPsi ? psi : telling(all, 'majorFaultsPerSec', 'allocStallPerSec')
  const fields: [SampleField, string, string][] = hasPsi
    ? [
        ['psiMemSomeAvg10', 'some', 'Some'],
        ['psiMemFullAvg10', 'full', 'Full'],
      ]
    : [
        ['majorFaultsPerSec', 'faults', 'Major faults'],
        ['allocStallPerSec', 'stalls', 'Allocation stalls'],
      ]
  const samples = measured.map(({ sample }) => sample)
  const lines = fields
    .filter(([field]) => isTold(samples, field))
    .map(([field, key, label]) => lineOf(field, key, label, hasPsi ? 'percent' : 'per-second'))
  const [first] = lines
  if (!first) return null
  const rows = complete(columnsOf(measured, lines), [first.key])
  const keys = lines.map(({ key }) => key)
  const scale = hasPsi ? percentScale(peakOf(rows, keys)) : countScale(peakOf(rows, keys), '/s')
  return {
    ...drawnRows(rows, gapsOf),
    series: lines.map(withoutRead),
    scale,
    ceiling: null,
    references: hasPsi
      ? [10, 40].filter((value) => value < scale.max).map((value) => ({ value, label: `${value}\u00a0%` }))
      : [],
    note: hasPsi ? null : 'Stands in for PSI, which was not measured here.',
  }
}

function lineOf(field: SampleField, key: string, label: string, unit: PanelSeries['unit'], formula?: string): Line {
  return {
    key,
    label,
    unit,
    formula: formula ?? (field === 'memAvailable' ? 'MemAvailable' : field),
    read: ({ sample, least, greatest }) => ({
      value: sample[field] ?? null,
      least: least[field] ?? null,
      greatest: greatest[field] ?? null,
    }),
  }
}

/** The most is used where the least is free. */
const SWAP_USED: Line = {
  key: 'used',
  label: 'Used',
  unit: 'bytes',
  formula: 'SwapTotal − SwapFree',
  read: ({ sample, least, greatest }) => ({
    value: usedOf(sample.swapTotal, sample.swapFree),
    least: usedOf(sample.swapTotal, greatest.swapFree),
    greatest: usedOf(sample.swapTotal, least.swapFree),
  }),
}

function usedOf(total: Bytes | null | undefined, free: Bytes | null | undefined): Bytes | null {
  return typeof total === 'number' && typeof free === 'number' ? Math.max(0, total - free) : null
}

function withoutRead({ read: _, ...series }: Line): PanelSeries {
  return series
}

function columnsOf(measured: readonly Measured[], lines: readonly Line[]): Columns {
  const columns: Columns = { at: measured.map(({ sample }) => sample.at), values: {}, extremes: {} }
  const areThemselves = measured.every(({ sample, least, greatest }) => sample === least && sample === greatest)
  for (const { key, read } of lines) {
    const readings = measured.map(read)
    const values = readings.map(({ value }) => value)
    columns.values[key] = values
    // One array where all are one: it is sent to the page once.
    columns.extremes[key] = areThemselves
      ? { least: values, greatest: values }
      : { least: readings.map(({ least }) => least), greatest: readings.map(({ greatest }) => greatest) }
  }
  return columns
}

/** Leaves out rows in which none of the needed columns is told: another tool's samples between these are not holes. */
function complete(columns: Columns, needed: readonly string[]): Columns {
  const kept = columns.at.flatMap((_, row) =>
    needed.some((key) => (columns.values[key]?.[row] ?? null) !== null) ? [row] : [],
  )
  return kept.length === columns.at.length ? columns : pickRows(columns, kept)
}

/** The samples that tell any of these fields: two tools may have measured one host, each its own. */
function telling(measured: readonly Measured[], ...fields: SampleField[]): Measured[] {
  return measured.filter(({ sample }) => fields.some((field) => typeof sample[field] === 'number'))
}

function stackHeight(rows: Columns, layers: readonly MemoryLayer[], row: number): number {
  return layers.reduce((height, layer) => height + (rows.values[layer.key]?.[row] ?? 0), 0)
}

function lastOf(samples: readonly Sample[], field: SampleField): number | null {
  return samples.findLast((sample) => typeof sample[field] === 'number')?.[field] ?? null
}
