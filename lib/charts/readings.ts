import type { ReportFigures } from '@/lib/charts/chart-model'
import type { Panel, PanelSeries } from '@/lib/charts/panel'
import { nearestRow } from '@/lib/charts/series'
import { byteUnit, formatInUnit } from '@/lib/charts/value-scale'
import { type EpochMs, formatCount } from '@/lib/units'

/** One line of the legend: what a series was at an instant, and how far it moved in the ten minutes before. */
export interface Reading {
  key: string
  label: string
  /** An en dash when not measured there. */
  value: string
  /** With sign; null when either end was not measured. */
  change: string | null
  /** "12.0 to 40.1" where the value stands for several that read differently; else null. */
  span: string | null
}

export const CHANGE_OVER_MS = 600_000
const UNKNOWN = '–'
/** A reading may be this many steps away from the cursor. */
const NEAR_STEPS = 2

/** Readings of all series of a panel in its order, in one unit. */
export function readPanel(panel: Panel, at: EpochMs): Reading[] {
  const within = (panel.stepMs ?? 0) * NEAR_STEPS
  const row = nearestRow(panel.at, at, within)
  const before = row === null ? null : rowBefore(panel.at, row)
  return panel.series.map((series) => {
    const now = row === null ? null : (panel.values[series.key]?.[row] ?? null)
    const then = before === null ? null : (panel.values[series.key]?.[before] ?? null)
    return {
      key: series.key,
      label: series.label,
      value: now === null ? UNKNOWN : formatReading(now, series, panel),
      change: now === null || then === null ? null : formatChange(now - then, series, panel),
      span: row === null ? null : spanOf(panel, series, row),
    }
  })
}

function spanOf(panel: Panel, series: PanelSeries, row: number): string | null {
  const extremes = panel.extremes[series.key]
  const least = extremes?.least[row] ?? null
  const greatest = extremes?.greatest[row] ?? null
  if (least === null || greatest === null) return null
  const [from, to] = [formatReading(least, series, panel), formatReading(greatest, series, panel)]
  return from === to ? null : `${from} to ${to}`
}

/** The row ten minutes before another, within half of that: rows of long buckets have none, and so no change. */
function rowBefore(at: readonly EpochMs[], row: number): number | null {
  return nearestRow(at, (at[row] ?? 0) - CHANGE_OVER_MS, CHANGE_OVER_MS / 2)
}

/** What a report prints, as readings of the memory panel. */
export function readReport(report: ReportFigures): Reading[] {
  const unit = byteUnit(report.total)
  return [...report.parts]
    .reverse()
    .map(({ key, label, bytes }) => ({ key, label, value: formatInUnit(bytes, unit.size), change: null, span: null }))
}

/** The unit all byte readings of a panel share, e.g. `MiB`. */
export function panelUnit(panel: Panel): string {
  return byteUnit(panel.scale.max).name
}

/** The unit that `formatReading` leaves out: "MiB", "MiB/s", "%", "/s". */
export function unitOf(series: PanelSeries, panel: Panel): string {
  if (series.unit === 'bytes') return panelUnit(panel)
  if (series.unit === 'bytes-per-second') return 'MiB/s'
  return series.unit === 'percent' ? '%' : '/s'
}

/** One value in the panel's unit, without it. */
export function formatReading(value: number, series: PanelSeries, panel: Panel): string {
  if (series.unit === 'bytes') return formatInUnit(value, byteUnit(panel.scale.max).size)
  if (series.unit === 'bytes-per-second') return formatInUnit(value, 1024 ** 2)
  return value >= 100 ? formatCount(Math.round(value)) : value.toFixed(1)
}

function formatChange(change: number, series: PanelSeries, panel: Panel): string {
  const text = formatReading(Math.abs(change), series, panel)
  if (Number(text.replaceAll(',', '')) === 0) return text
  return `${change < 0 ? '−' : '+'}${text}`
}
