import { createLocalClock, type PrintedInstant } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { blockTime } from '@/lib/metrics/formats/keyed-blocks'
import { unitOfVmstat } from '@/lib/metrics/formats/memory-unit'
import { parseNumber } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine, splitStamp } from '@/lib/metrics/formats/stamp-lines'
import type { SampleFields } from '@/lib/metrics/plausible'

interface Row {
  line: number
  /** Number of the header above it. */
  table: number
  cells: Map<string, number>
  stamp: PrintedInstant | null
}

const MEMORY_COLUMNS = ['swpd', 'free', 'buff', 'cache', 'inact', 'active']
// The screen is at least this high, so a header that comes sooner is a new run of vmstat.
const SHORTEST_SCREEN = 10
const ROWS_TO_CALL_FROZEN = 6
const LONGEST_HEADER = 300

/** `vmstat N`, with any columns (-a, -w, -t, -S), by the names in its header, or by their places where these are translated. */
export const vmstat: MetricsFormat = {
  id: 'vmstat',
  takesStampedLines: true,

  recognise: (lines) => lines.slice(0, 12).some((line, index) => headerOf(line, lines[index - 1] ?? '') !== null),

  parse(lines, hints) {
    const draft = createDraft('vmstat', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    const rows = readRows(lines, draft)
    const unit = unitOfVmstat(
      rows.flatMap((row) => MEMORY_COLUMNS.map((name) => row.cells.get(name) ?? 0)),
      rows.map((row) => ({ so: row.cells.get('so') ?? 0, bo: row.cells.get('bo') ?? 0 })),
      hints.name,
    )
    draft.assume({ what: 'unit', value: unit.label, why: unit.why, isEvidenced: unit.isEvidenced })
    const isFrozen = hasFrozenMemory(rows)
    if (isFrozen)
      draft.warn(
        rows[1]?.line ?? 0,
        'frozen-columns',
        'This vmstat does not refresh its memory columns (procps-ng 4.0.2): swap in and out are right, memory is known for the first row only.',
      )
    const firsts = firstRowsOfRuns(rows)
    rows.forEach((row, index) => {
      const fields: SampleFields = {}
      if (!isFrozen || index === 0) {
        fields.memFree = scaled(row.cells.get('free'), unit.bytes)
        fields.buffers = scaled(row.cells.get('buff'), unit.bytes)
      }
      // The first row of a run is the average since boot.
      if (!firsts.has(row.line)) {
        fields.swapInPerSec = scaled(row.cells.get('si'), unit.bytes)
        fields.swapOutPerSec = scaled(row.cells.get('so'), unit.bytes)
      }
      draft.addSample(row.line, blockTime(row, index, clock), fields)
    })
    return draft.finish('by-count')
  },
}

function scaled(value: number | undefined, unitBytes: number): number | null {
  return value === undefined ? null : value * unitBytes
}

function readRows(
  lines: string[],
  draft: { warn(line: number, code: string, detail: string): void; recognise(line: number): void },
): Row[] {
  const rows: Row[] = []
  let columns: string[] | null = null
  let zone: string | null = null
  let table = 0
  let above: PrintedInstant | null = null
  let lineAbove = ''
  lines.forEach((whole, index) => {
    const stampLine = parseStampLine(whole)
    if (stampLine) {
      above = stampLine
      return
    }
    const { stamp: own, text: line } = splitStamp(whole)
    const header = headerOf(line, lineAbove)
    lineAbove = line
    if (header) {
      columns = header.columns
      zone = header.zone
      table += 1
      draft.recognise(index + 1)
      return
    }
    if (!columns || !/^\s*\d/.test(line)) return
    const texts = line.trim().split(/\s+/)
    const values = texts.slice(0, columns.length).map((text) => parseNumber(text))
    const rest = texts.slice(columns.length).join(' ')
    if (values.length < columns.length || values.includes(null) || (zone !== null && rest === '')) {
      draft.warn(index + 1, 'cut-row', `Refused: not ${columns.length} numbers${zone === null ? '' : ' and a time'}.`)
      return
    }
    const printed =
      rest === ''
        ? (own ?? above)
        : parseStampLine(/[A-Z]{1,5}$|[+-]\d{2,4}$/.test(rest) || !zone ? rest : `${rest} ${zone}`)
    above = null
    if (rest !== '' && !printed) draft.warn(index + 1, 'impossible-time', `Refused: "${rest.slice(0, 40)}" is no time.`)
    else {
      const cells = new Map(columns.map((name, column) => [name, values[column] ?? 0]))
      rows.push({ line: index + 1, table, cells, stamp: printed })
    }
  })
  return rows
}

const PLACES = [
  'r',
  'b',
  'swpd',
  'free',
  '',
  '',
  'si',
  'so',
  'bi',
  'bo',
  'in',
  'cs',
  'us',
  'sy',
  'id',
  'wa',
  'st',
  'gu',
]
// With -a this column holds inactive memory, so it is the buffers' only where it is called so.
const BUFFERS = /^(b[uú]f|tamp|puff|버퍼|缓冲|緩衝|буф)/iu

/** The column names of " r  b   swpd   free …", and the zone that -t prints as the name of its column. */
function headerOf(line: string, lineAbove: string): { columns: string[]; zone: string | null } | null {
  if (line.length > LONGEST_HEADER || /\d\s/.test(line)) return null
  const names = line.trim().split(/\s+/)
  const last = names.at(-1) ?? ''
  const isZone = /^(?:[A-Z]{1,5}|[+-]\d{2,4})$/.test(last)
  const columns = isZone ? names.slice(0, -1) : names
  const zone = isZone ? last : null
  if (names[0] === 'r' && names[1] === 'b' && ['swpd', 'free', 'so'].every((name) => names.includes(name)))
    return { columns, zone }
  if (columns.length < 16 || columns.length > PLACES.length || !areGroups(lineAbove)) return null
  return { columns: columns.map((name, place) => (BUFFERS.test(name) ? 'buff' : PLACES[place] || name)), zone }
}

/** The line above the names, in any language: "procs -----------memory---------- ---swap-- -----io---- …". */
function areGroups(line: string): boolean {
  if (line.length > LONGEST_HEADER) return false
  return line.split(/\s+/).filter((group) => /^-.*[^-].*-$/.test(group)).length >= 4
}

/** Lines of the first row of each run. Headers come again every screen; one after a few rows belongs to another run. */
function firstRowsOfRuns(rows: Row[]): Set<number> {
  const firsts = new Set<number>()
  let rowsSinceHeader = 0
  rows.forEach((row, index) => {
    const before = rows[index - 1]
    if (before && row.table === before.table) {
      rowsSinceHeader += 1
      return
    }
    if (!before || rowsSinceHeader < SHORTEST_SCREEN) firsts.add(row.line)
    rowsSinceHeader = 1
  })
  return firsts
}

/** procps-ng 4.0.2 prints the memory of the first row for ever, while everything else goes on. */
function hasFrozenMemory(rows: Row[]): boolean {
  const [first] = rows
  if (!first || rows.length < ROWS_TO_CALL_FROZEN) return false
  const isSame = (names: string[]) =>
    rows.every((row) => names.every((name) => row.cells.get(name) === first.cells.get(name)))
  return isSame(MEMORY_COLUMNS) && !isSame(['cs', 'in'])
}
