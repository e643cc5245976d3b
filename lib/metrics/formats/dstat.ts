import { type CalendarDate, createLocalClock, type LocalClock } from '@/lib/metrics/formats/clock'
import { createDraft, type RowTime } from '@/lib/metrics/formats/draft'
import { parseNumber, parseSize } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine } from '@/lib/metrics/formats/stamp-lines'
import { parseTimeOfDay } from '@/lib/metrics/formats/stamps'
import type { SampleFields } from '@/lib/metrics/plausible'
import type { SampleField } from '@/lib/metrics/sample'
import type { SourceHints } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

/** Columns by the group above them: bytes, bytes per second, or counts, whose suffixes are powers of 1,000. */
const COLUMNS: Record<string, [SampleField, 'bytes' | 'rate' | 'counts per second' | 'plain']> = {
  'memory free': ['memFree', 'bytes'],
  'memory buff': ['buffers', 'bytes'],
  'memory cach': ['cached', 'bytes'],
  'swap free': ['swapFree', 'bytes'],
  'paging in': ['swapInPerSec', 'rate'],
  'paging out': ['swapOutPerSec', 'rate'],
  'virtual majpf': ['majorFaultsPerSec', 'counts per second'],
  'load 1m': ['load1', 'plain'],
  'load 5m': ['load5', 'plain'],
  'load 15m': ['load15', 'plain'],
}

const CSV_TITLE = /^"(?:Dstat|pcp-dstat)[^"]*CSV output"/i

/** `dstat`, its screen without colours or its CSV. Its "used" leaves caches out in a way of its own, so it is not kept. */
export const dstat: MetricsFormat = {
  id: 'dstat',

  recognise: (lines) =>
    lines
      .slice(0, 10)
      .some(
        (line, index) =>
          CSV_TITLE.test(line) || (line.includes('memory-usage') && columnsOf(line, lines[index + 1]) !== null),
      ),

  parse(lines, hints) {
    const draft = createDraft('dstat', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    let columns: string[] | null = null
    let began: EpochMs | null = null
    let zone: string | null = null
    let rows = 0
    lines.forEach((line, index) => {
      const number = index + 1
      const cells = splitRow(line)
      if (cells[0] === 'Host:' && cells[1]) draft.claimHost(cells[1], number)
      const dateText = cells[cells.indexOf('Date:') + 1]
      if (cells[0] === 'Cmdline:' && dateText) {
        const stamp = parseStampLine(dateText)
        began = stamp && clock.resolve(stamp)
        zone = stamp && 'zone' in stamp ? stamp.zone : null
      }
      const header = columnsOf(line, lines[index + 1])
      if (header) {
        // Groups come again with every screen; only the first row of a run is the average since boot.
        columns = header
        draft.recognise(number)
        return
      }
      if (!columns || !/^\s*"?\d/.test(line)) return
      if (cells.length < columns.length) {
        draft.warn(number, 'cut-row', `Refused: ${cells.length} values under ${columns.length} columns.`)
        return
      }
      const time = timeOf(cells[columns.findIndex((name) => /(?:time|epoch)$/.test(name))] ?? '', rows)
      draft.addSample(number, time, fieldsOf(columns, cells, rows === 0))
      rows += 1
    })
    return draft.finish('by-count')

    /** "24-11 17:21:10", day first and without the year, or seconds since 1970. */
    function timeOf(text: string, row: number): RowTime {
      if (/^1\d{9}(?:\.\d+)?$/.test(text)) return { at: Math.round(Number(text) * 1000) }
      const [, day, month, clockText = ''] = /^(\d\d)-(\d\d) (\S+)$/.exec(text) ?? []
      const time = parseTimeOfDay(clockText)?.time
      if (!time) return { at: null, key: `row-${row}` }
      const dayOfYear = { month: Number(month), day: Number(day) }
      const at = lastBefore(dayOfYear, (date) => clock.toEpoch(date, time, zone), began, hints)
      if (at !== null && began === null)
        draft.assume({
          what: 'year',
          value: String(new Date(at).getUTCFullYear()),
          why: `no year in the text: when ${hints.modifiedAt === null ? 'it arrived' : 'the file was written'}`,
          isEvidenced: false,
        })
      return { at, key: `row-${row}`, timeText: clockText }
    }
  },
}

/**
 * "----system---- ------memory-usage----- ----swap---", or "system","memory usage",,,,"swap", in CSV: the groups of this
 * line and the names of the next, as "memory free", "swap free" …; null when they are none.
 */
function columnsOf(line: string, below = ''): string[] | null {
  if (line.length > LONGEST_ROW) return null
  if (line.startsWith('"')) {
    const names = splitRow(below)
    const groups = splitRow(line)
    if (!below.startsWith('"') || names.length < groups.length || !names.some((name) => name === 'free')) return null
    let group = ''
    return names.map((name, place) => {
      group = groups[place] || group
      return columnName(group.replace(/^load avg$/, 'load'), name)
    })
  }
  const groups = line.trim().split(/\s+/)
  if (!groups.every((group) => group.startsWith('-') && group.endsWith('-') && /[a-z]/.test(group))) return null
  const parts = below.split(/[|:]/)
  if (parts.length !== groups.length) return null
  return parts.flatMap((part, place) =>
    part
      .trim()
      .split(/\s+/)
      .map((name) => columnName(groups[place] ?? '', name)),
  )
}

function columnName(group: string, name: string): string {
  return `${/[a-z]+/.exec(group)?.[0] ?? ''} ${name}`
}

const LONGEST_ROW = 1000

function splitRow(line: string): string[] {
  const text = line.slice(0, LONGEST_ROW).trim()
  if (text.startsWith('"') || text.includes(',')) return text.split(',').map((cell) => cell.replace(/^"|"$/g, ''))
  // The time holds a blank: "24-11 17:21:10|".
  return text.split('|').flatMap((part) => (/^\d\d-\d\d /.test(part) ? [part.trim()] : part.trim().split(/\s+/)))
}

function fieldsOf(columns: string[], cells: string[], isSinceBoot: boolean): SampleFields {
  const fields: SampleFields = {}
  columns.forEach((name, place) => {
    const [field, kind] = COLUMNS[name] ?? []
    if (!field) return
    const text = cells[place]
    if (kind === 'plain') fields[field] = parseNumber(text)
    else if (kind === 'bytes') fields[field] = parseSize(text, 1)
    else if (!isSinceBoot) fields[field] = parseSize(text, 1, kind === 'rate' ? 1024 : 1000)
  })
  const used = parseSize(cells[columns.indexOf('swap used')], 1)
  if (used !== null && typeof fields.swapFree === 'number') fields.swapTotal = used + fields.swapFree
  return fields
}

/** The last such day before the run began, the file was written or arrived; null when nothing tells a year. */
function lastBefore(
  day: Pick<CalendarDate, 'month' | 'day'>,
  toEpoch: (date: CalendarDate) => ReturnType<LocalClock['toEpoch']>,
  began: EpochMs | null,
  hints: SourceHints,
): EpochMs | null {
  const anchor = began ?? hints.modifiedAt ?? hints.receivedAt
  if (anchor === null) return null
  const year = new Date(anchor).getUTCFullYear()
  // A run goes on after its beginning, over a new year too.
  if (began !== null) {
    const candidates = [year, year + 1].map((candidate) => toEpoch({ year: candidate, ...day }))
    return candidates.find((at) => at !== null && at >= began - DAY_MS) ?? null
  }
  const candidates = [year + 1, year, year - 1].map((candidate) => toEpoch({ year: candidate, ...day }))
  return candidates.find((at) => at !== null && at <= anchor + HOUR_MS) ?? null
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
