import { type ChartModel, panelsOf } from '@/lib/charts/chart-model'
import type { PanelSeries } from '@/lib/charts/panel'
import { hasBand } from '@/lib/charts/rows'
import type { EpochMs } from '@/lib/units'

const UNITS: Record<PanelSeries['unit'], string> = {
  bytes: 'bytes',
  'bytes-per-second': 'bytes/s',
  percent: '%',
  'per-second': '/s',
}

interface Column {
  name: string
  values: ReadonlyMap<EpochMs, number | null>
}

/**
 * What a chart draws, as CSV (RFC 4180): a row an instant in UTC, a column a series and, where rows stand for several
 * samples, one for each of their ends. Amounts are in bytes; a cell is empty where nothing was measured.
 */
export function chartCsv(model: ChartModel): string {
  const columns = panelsOf(model).flatMap(({ title, panel }) =>
    panel.series.flatMap(({ key, label, unit }): Column[] => {
      const column = (end: string, values: readonly (number | null)[] = []): Column => ({
        name: `${title}: ${label}${end} (${UNITS[unit]})`,
        values: new Map(panel.at.map((at, row) => [at, values[row] ?? null])),
      })
      const own = column('', panel.values[key])
      if (!hasBand(panel, key)) return [own]
      const { least, greatest } = panel.extremes[key] ?? {}
      return [own, column(', least', least), column(', greatest', greatest)]
    }),
  )
  const instants = [...new Set(panelsOf(model).flatMap(({ panel }) => panel.at))].sort((a, b) => a - b)
  const rows = instants.map((at) => [
    new Date(at).toISOString(),
    ...columns.map(({ values }) => String(values.get(at) ?? '')),
  ])
  return [['time', ...columns.map(({ name }) => name)], ...rows]
    .map((cells) => `${cells.map(csvCell).join(',')}\r\n`)
    .join('')
}

/** A cell that no spreadsheet takes for a formula: names of processes and groups are chosen by strangers. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
