import { type CalendarDate, createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft, type Draft, type RowTime } from '@/lib/metrics/formats/draft'
import { KIB, parseNumber, parseSize } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat, MetricsReading } from '@/lib/metrics/formats/reading'
import { parseClearDate, parseTimeOfDay } from '@/lib/metrics/formats/stamps'
import { type PrintedTime, placeTimesOfDay } from '@/lib/metrics/formats/times-of-day'
import type { SampleFields } from '@/lib/metrics/plausible'
import { SAMPLE_FIELDS, type SampleField } from '@/lib/metrics/sample'
import type { SourceHints } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

/** Columns by name, with what a number without a suffix counts. */
const SCREEN_FIELDS: Record<string, [SampleField, number]> = {
  Total: ['memTotal', KIB],
  Free: ['memFree', KIB],
  Buff: ['buffers', KIB],
  Cached: ['cached', KIB],
  Cach: ['cached', KIB],
  Anon: ['anonPages', KIB],
  Commit: ['committedAs', KIB],
  'swap Total': ['swapTotal', KIB],
  'swap Free': ['swapFree', KIB],
  MajFt: ['majorFaultsPerSec', 1],
}

/** Columns of the plot format (-P). */
const PLOT_FIELDS: Record<string, [SampleField, number]> = {
  '[MEM]Tot': ['memTotal', KIB],
  '[MEM]Free': ['memFree', KIB],
  '[MEM]Buf': ['buffers', KIB],
  '[MEM]Cached': ['cached', KIB],
  '[MEM]Anon': ['anonPages', KIB],
  '[MEM]Commit': ['committedAs', KIB],
  '[MEM]SwapTot': ['swapTotal', KIB],
  '[MEM]SwapFree': ['swapFree', KIB],
  '[MEM]Dirty': ['dirty', KIB],
  '[MEM]PageMajFaults': ['majorFaultsPerSec', 1],
}

interface Row {
  line: number
  /** Time of day, and the date where one is printed (-oD). */
  printed: PrintedTime | null
  date: CalendarDate | null
  /** Cells of one NUMA node, or of the host. */
  fields: SampleFields
}

/** collectl's memory tables: -sm brief and verbose, -sM by node, and the plot format -P. */
export const collectl: MetricsFormat = {
  id: 'collectl',

  recognise: (lines) =>
    lines.some(
      (line) =>
        isPlotHeader(line) || /^# MEMORY (STATISTICS|SUMMARY)/.test(line) || /^#.*<-+(Physical )?Memory-+>/.test(line),
    ),

  parse(lines, hints) {
    const draft = createDraft('collectl', lines.length, hints)
    return lines.some(isPlotHeader) ? readPlot(lines, hints, draft) : readScreen(lines, hints, draft)
  },
}

function isPlotHeader(line: string): boolean {
  return /^#(?:Date[ ,;]Time|UTC)[ ,;].*\[MEM\]/.test(line)
}

function readPlot(lines: string[], hints: SourceHints, draft: Draft): MetricsReading {
  const clock = createLocalClock(hints, draft)
  let columns: string[] = []
  let zone: string | null = null
  lines.forEach((line, index) => {
    const number = index + 1
    const host = /^# Host:\s+(\S+)/.exec(line)?.[1]
    if (host) draft.claimHost(host, number)
    zone = /^#.*\bTZ:\s*([+-]\d{4})/.exec(line)?.[1] ?? zone
    if (isPlotHeader(line)) columns = line.slice(1).trim().split(/[ ,;]/)
    if (line.startsWith('#') || !/^\d/.test(line) || columns.length === 0) return
    const cells = line.trim().split(/[ ,;]/)
    const at = columns[0] === 'UTC' ? epochOf(cells[0]) : localInstant(cells[0], cells[1])
    if (at === null || cells.length < columns.length) {
      draft.warn(number, 'cut-row', 'Refused: not a whole row.')
      return
    }
    const fields: SampleFields = {}
    for (const [name, [field, unit]] of Object.entries(PLOT_FIELDS)) {
      const value = parseNumber(cells[columns.indexOf(name)])
      if (value !== null) fields[field] = value * unit
    }
    draft.addSample(number, { at }, fields)
  })
  return draft.finish('samples')

  function localInstant(dateText = '', timeText = ''): EpochMs | null {
    const date = parseDate(dateText)
    const found = parseTimeOfDay(timeText)
    return date && found && clock.toEpoch(date, found.time, zone)
  }
}

/** Seconds since 1970, with -oU. */
function epochOf(text = ''): EpochMs | null {
  return /^1\d{9}(?:\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : null
}

function readScreen(lines: string[], hints: SourceHints, draft: Draft): MetricsReading {
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
  const clock = createLocalClock(hints, draft)
  const undated = joined.filter((row) => row.date === null).map((row) => row.printed)
  const placed = undated.every((time) => time !== null) ? placeTimesOfDay(undated, hints, clock, draft) : []
  const times = placed[Symbol.iterator]()
  joined.forEach((row, index) => {
    const own = row.date && row.printed && { at: clock.toEpoch(row.date, row.printed.time, null) }
    const time: RowTime = own ?? times.next().value ?? { at: null, key: `row-${index}` }
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
  // The verbose table prints Total, Used and Free of memory first and of swap behind it.
  const seen = new Set<string>()
  return names.map((name) => {
    const own = seen.has(name) ? `swap ${name}` : name
    seen.add(name)
    return own
  })
}

// "20261124 13:54:34" · "11/24 13:54:34" · "13:54:34.001"
const WHEN = /^(?:(\d{8}|\d\d\/\d\d)\s+)?(\d\d:\d\d:\d\d(?:\.\d+)?)\s+(.*)$/

function parseRow(line: string, columns: string[], number: number): Row | null {
  const [, dateText, clockText = '', rest] = WHEN.exec(line.trim()) ?? []
  const texts = (rest ?? line).trim().split(/\s+/)
  if (texts.length < columns.length) return null
  const fields: SampleFields = {}
  columns.forEach((name, column) => {
    const [field, unit] = SCREEN_FIELDS[name] ?? []
    if (field && unit) fields[field] = parseSize(texts[column], unit)
  })
  if (Object.values(fields).every((value) => value === null)) return null
  const time = parseTimeOfDay(clockText)?.time
  return {
    line: number,
    printed: time ? { time, zone: null, text: clockText.slice(0, 8) } : null,
    date: parseDate(dateText ?? ''),
    fields,
  }
}

/** "20261124"; the short form with month and day alone names no year. */
function parseDate(text: string): CalendarDate | null {
  return parseClearDate(text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'))
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
    for (const field of SAMPLE_FIELDS) {
      const value = row.fields[field]
      if (value !== null && value !== undefined) before.fields[field] = (before.fields[field] ?? 0) + value
    }
  }
  return joined
}
