import { createLocalClock, type TimeOfDay } from '@/lib/metrics/formats/clock'
import { createDraft, type Draft, type RowTime } from '@/lib/metrics/formats/draft'
import { KIB, parseNumber, parseSize } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine, parseTimeOfDay } from '@/lib/metrics/formats/stamps'
import { type PrintedTime, placeTimesOfDay } from '@/lib/metrics/formats/times-of-day'
import type { SampleFields } from '@/lib/metrics/plausible'
import type { SampleField } from '@/lib/metrics/sample'
import type { SourceHints } from '@/lib/source'

/** Columns by name, in the order printed; the second Total, Used and Free of the verbose table are swap's. */
const SCREEN_FIELDS: Record<string, SampleField> = {
  Total: 'memTotal',
  Free: 'memFree',
  Buff: 'buffers',
  Cached: 'cached',
  Cach: 'cached',
  Anon: 'anonPages',
  Commit: 'committedAs',
  'swap Total': 'swapTotal',
  'swap Free': 'swapFree',
}

/** Columns of the plot format (-P), KiB. */
const PLOT_FIELDS: Record<string, SampleField> = {
  '[MEM]Tot': 'memTotal',
  '[MEM]Free': 'memFree',
  '[MEM]Buf': 'buffers',
  '[MEM]Cached': 'cached',
  '[MEM]Anon': 'anonPages',
  '[MEM]Commit': 'committedAs',
  '[MEM]SwapTot': 'swapTotal',
  '[MEM]SwapFree': 'swapFree',
  '[MEM]Dirty': 'dirty',
}

interface Row {
  line: number
  printed: PrintedTime | null
  /** NUMA node; rows of one instant are added up. */
  fields: SampleFields
}

/** collectl's memory tables: -sm brief and verbose, -sM by node, and the plot format -P. */
export const collectl: MetricsFormat = {
  id: 'collectl',

  recognise: (lines) =>
    lines.some(
      (line) =>
        isPlotHeader(line) ||
        /^# MEMORY (STATISTICS|SUMMARY)/.test(line) ||
        /^# Collectl:/.test(line) ||
        /^#?\s*<-+(Physical )?Memory-+>/.test(line),
    ),

  parse(lines, hints) {
    const draft = createDraft('collectl', lines.length, hints)
    return lines.some(isPlotHeader) ? readPlot(lines, hints, draft) : readScreen(lines, hints, draft)
  },
}

function isPlotHeader(line: string): boolean {
  return /^#Date[ ,;]Time[ ,;].*\[MEM\]/.test(line)
}

function readPlot(lines: string[], hints: SourceHints, draft: Draft) {
  const clock = createLocalClock(hints, draft)
  let columns: string[] = []
  let zone: string | null = null
  lines.forEach((line, index) => {
    const number = index + 1
    const host = /^# Host:\s+(\S+)/.exec(line)?.[1]
    if (host) draft.claimHost(host, number)
    zone = /^#.*\bTZ:\s*([+-]\d{4})/.exec(line)?.[1] ?? zone
    if (isPlotHeader(line)) columns = line.slice(1).split(/[ ,;]/)
    if (line.startsWith('#') || line.trim() === '' || columns.length === 0) return
    const cells = line.trim().split(/[ ,;]/)
    // "20261124 02:41:48" or "2026-11-24 02:41:48"
    const date = (cells[0] ?? '').replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
    const stamp = parseStampLine(`${date} ${cells[1] ?? ''}${zone === null ? '' : ` ${zone}`}`)
    if (!stamp || cells.length < columns.length) {
      draft.warn(number, 'cut-row', 'Refused: not a whole row.')
      return
    }
    const fields: SampleFields = {}
    for (const [name, field] of Object.entries(PLOT_FIELDS)) {
      const kib = parseNumber(cells[columns.indexOf(name)])
      if (kib !== null) fields[field] = kib * KIB
    }
    draft.addSample(number, { at: clock.resolve(stamp) }, fields)
  })
  return draft.finish('samples')
}

function readScreen(lines: string[], hints: SourceHints, draft: Draft) {
  const rows: Row[] = []
  let columns: string[] = []
  lines.forEach((line, index) => {
    const header = headerColumns(line)
    if (header) {
      columns = header
      draft.recognise(index + 1)
      return
    }
    if (columns.length === 0 || line.startsWith('#') || line.trim() === '') return
    const row = parseRow(line, columns, index + 1)
    if (row) rows.push(row)
    else if (/\d/.test(line)) draft.warn(index + 1, 'cut-row', 'Refused: not a whole row.')
  })
  const joined = joinNodes(rows)
  const printed = joined.map((row) => row.printed)
  const clock = createLocalClock(hints, draft)
  const times = printed.every((time) => time !== null) ? placeTimesOfDay(printed, hints, clock, draft) : []
  joined.forEach((row, index) => {
    const time: RowTime = times[index] ?? { at: null, key: `row-${index}` }
    draft.addSample(row.line, time, row.fields)
  })
  return draft.finish('samples')
}

/** "#Free Buff Cach Inac Slab  Map" · "#   Total    Used    Free …" · "#          Node    Total     Used     Free …" */
function headerColumns(line: string): string[] | null {
  if (!line.startsWith('#') || !/\bFree\b/.test(line) || line.includes('<')) return null
  const names = line
    .slice(1)
    .trim()
    .split(/\s+/)
    .filter((name) => name !== 'Time' && name !== 'Date')
  let hasTotal = false
  let isSwap = false
  return names.map((name) => {
    if (name === 'Total') {
      isSwap = hasTotal
      hasTotal = true
    }
    return isSwap && (name === 'Total' || name === 'Used' || name === 'Free') ? `swap ${name}` : name
  })
}

function parseRow(line: string, columns: string[], number: number): Row | null {
  const found = parseTimeOfDay(line.trim())
  const texts = (found?.rest ?? line).trim().split(/\s+/)
  if (texts.length < columns.length) return null
  const fields: SampleFields = {}
  columns.forEach((name, column) => {
    const field = SCREEN_FIELDS[name]
    // Sizes carry a suffix; a bare number is KiB.
    if (field) fields[field] ??= parseSize(texts[column], KIB)
  })
  if (Object.values(fields).every((value) => value === null)) return null
  const time: TimeOfDay | null = found?.time ?? null
  return { line: number, printed: time && { time, zone: null, text: line.trim().split(/\s/, 1)[0] ?? '' }, fields }
}

/** Adds up the rows of one instant: collectl -sM prints one for each NUMA node. */
function joinNodes(rows: Row[]): Row[] {
  const joined: Row[] = []
  for (const row of rows) {
    const before = joined.at(-1)
    if (!before || before.printed === null || before.printed.text !== row.printed?.text) {
      joined.push({ ...row, fields: { ...row.fields } })
      continue
    }
    for (const [field, value] of Object.entries(row.fields) as [SampleField, number | null][])
      before.fields[field] = value === null ? (before.fields[field] ?? null) : (before.fields[field] ?? 0) + value
  }
  return joined
}
