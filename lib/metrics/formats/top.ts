import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft, type Draft } from '@/lib/metrics/formats/draft'
import { GIB, KIB, MIB } from '@/lib/metrics/formats/numbers'
import { bareProcess, kibCell, nameOrCommandLine, pidCell } from '@/lib/metrics/formats/process-table'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { type PrintedTime, placeTimesOfDay } from '@/lib/metrics/formats/times-of-day'
import { parseUptime } from '@/lib/metrics/formats/uptime'
import type { SampleFields } from '@/lib/metrics/plausible'
import type { ProcessRow } from '@/lib/metrics/process'

interface Screen {
  line: number
  printed: PrintedTime
  fields: SampleFields
  rows: { line: number; row: ProcessRow }[]
}

/** `top -b`, procps 2 to 4, in any language that keeps the layout. */
export const top: MetricsFormat = {
  id: 'top',

  recognise: (lines) => lines.slice(0, 10).some((line) => parseTitle(line) !== null),

  parse(lines, hints) {
    const draft = createDraft('top', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    const screens = readScreens(lines, draft)
    const times = placeTimesOfDay(
      screens.map((screen) => screen.printed),
      hints,
      clock,
      draft,
    )
    screens.forEach((screen, index) => {
      const time = times[index]
      if (!time) return
      draft.addSample(screen.line, time, screen.fields)
      for (const { line, row } of screen.rows) draft.addProcess(line, time, row)
    })
    return draft.finish('by-count')
  },
}

function parseTitle(line: string): ReturnType<typeof parseUptime> {
  const title = /^\s*top - (.*)$/.exec(line)
  return title ? parseUptime(title[1] ?? '') : null
}

function readScreens(lines: string[], draft: Draft): Screen[] {
  const screens: Screen[] = []
  let columns: string[] | null = null
  let areThreads = false
  lines.forEach((line, index) => {
    const number = index + 1
    const title = parseTitle(line)
    if (title) {
      const [load1, load5, load15] = title.loads
      screens.push({ line: number, printed: title.printed, fields: { load1, load5, load15 }, rows: [] })
      columns = null
      areThreads = false
      return
    }
    const screen = screens.at(-1)
    if (!screen || line.trim() === '') return
    if (columns && areThreads) return
    if (columns) {
      const row = parseRow(columns, line)
      if (row) screen.rows.push({ line: number, row })
      else draft.warn(number, 'cut-row', 'Refused: not a whole row of the process table.')
      return
    }
    if (/^Threads:/.test(line)) {
      areThreads = true
      draft.warn(
        number,
        'threads',
        'This top lists threads (-H): each repeats the memory of its process, so none was taken.',
      )
    }
    const names = line.trim().split(/\s+/)
    if (isTableHeader(names)) columns = !names.includes('USER') && names.length === PLACES.length ? PLACES : names
    else if (takeSummary(screen.fields, line, draft, number)) draft.recognise(number)
  })
  return screens
}

const PLACES = ['PID', 'USER', 'PR', 'NI', 'VIRT', 'RES', 'SHR', 'S', '%CPU', '%MEM', 'TIME+', 'COMMAND']

/** By its names, or where these are translated ("PID UŻYTK. PR NI WIRT REZ …") by their number. */
function isTableHeader(names: string[]): boolean {
  if (names.includes('RES') || (names.includes('PID') && names.includes('RSS'))) return true
  return names.length === PLACES.length && names[0] === 'PID' && !names.some((name) => /\d/.test(name))
}

// top prints at most 512 columns.
const LONGEST_ROW = 2048

// The prefix in any language: "MiB", "Mio", "МіБ", "MB"; top divides by 1,024 whatever it is called.
const PREFIX = /^[KMGTКМГТ](?:[iіи]?[BБ]|[io]o|o)$/u
const PREFIXES: Record<string, number> = {
  K: KIB,
  M: MIB,
  G: GIB,
  T: 1024 * GIB,
  К: KIB,
  М: MIB,
  Г: GIB,
  Т: 1024 * GIB,
}
const SUFFIXES: Record<string, number> = { k: KIB, m: MIB, g: GIB, t: 1024 * GIB }

interface Figure {
  bytes: number | null
  /** The number did not fit its column. */
  isCut: boolean
  label: string
}

/**
 * Takes a line like one of these; false when it is none:
 *   MiB Mem :  24105.6 total,  22795.6 free,    603.6 used,   1109.3 buff/cache
 *   MiB Swap:    768.0 total,    768.0 free,      0.0 used.  23502.0 avail Mem
 *   KiB Mem:   8167848 total,  7999492 used,   168356 free,   283936 buffers
 *   Mem:   8175508k total,  8062504k used,   113004k free,   283936k buffers
 */
function takeSummary(fields: SampleFields, line: string, draft: Draft, number: number): boolean {
  if (line.length > 300) return false
  const head = /^\s*(?:(\p{L}{2,3}) )?([\p{L} ]+\.?)\s*:\s*(?=\d)/u.exec(line)
  if (!head) return false
  const [whole, word, label = ''] = head
  const prefix = word !== undefined && PREFIX.test(word) ? word : null
  const unit = prefix ? PREFIXES[prefix.slice(0, 1)] : undefined
  const figures = figuresOf(line.slice(whole.length), unit ?? null)
  if (figures.length < 3 || (!prefix && !/^(mem|swap)$/i.test(label.trim()))) return false
  if (figures.some(({ isCut }) => isCut))
    draft.warn(number, 'cut-number', 'A number was too long for its column ("+"); it was left out.')
  const isSwap = /^(swap|swp)/i.test(label) || (fields.memTotal !== undefined && fields.memTotal !== null)
  const named = (pattern: RegExp, place: number) =>
    (figures.find(({ label: name }) => pattern.test(name)) ?? (isEnglish(figures) ? undefined : figures[place]))
      ?.bytes ?? null
  if (isSwap) {
    fields.swapTotal = named(/^(total|av$)/, 0)
    fields.swapFree = named(/^free/, 1)
    fields.memAvailable = named(/^avail/, 3)
    // Before procps 3.3.10 the page cache stood on this line.
    fields.cached = figures.find(({ label: name }) => /^cached/.test(name))?.bytes ?? null
    return true
  }
  fields.memTotal = named(/^(total|av$)/, 0)
  fields.memFree = named(/^free/, 1)
  fields.buffers = figures.find(({ label: name }) => /^(buffers|buff$)/.test(name))?.bytes ?? null
  return true
}

function isEnglish(figures: Figure[]): boolean {
  return figures.some(({ label }) => /^(used|free)/.test(label))
}

function figuresOf(text: string, unit: number | null): Figure[] {
  return [...text.matchAll(/(\d+(?:[.,]\d+)?)(\+)?([kKmMgGtT])?\+?\s*([\p{L}/.]+(?: Mem)?)/gu)].map(
    ([, digits = '', cut, suffix, label = '']) => {
      const size = suffix ? SUFFIXES[suffix.toLowerCase()] : unit
      const amount = Number(digits.replace(',', '.'))
      // In TiB much is rounded to "0.0", which is not "none".
      const isKnown = !cut && size && !(amount === 0 && size > GIB)
      return { bytes: isKnown ? amount * size : null, isCut: cut !== undefined, label: label.replace(/[.,]$/, '') }
    },
  )
}

/** The table's left part is bound by its names; what stands behind the processor time is the command. */
function parseRow(columns: string[], line: string): ProcessRow | null {
  if (line.length > LONGEST_ROW) return null
  const cells = line.trim().split(/\s+/)
  const cell = (...names: string[]) => cells[columns.findIndex((name) => names.includes(name))]
  // The first column is the pid in every language; PID may have been moved by a configuration file.
  const pid = Number(cells[Math.max(0, columns.indexOf('PID'))])
  const rssKib = kibCell(cell('RES', 'RSS'))
  if (!Number.isInteger(pid) || pid <= 0 || rssKib === null) return null
  const command = /\s\d+[:.,]\d\d(?:[.,:]\d\d)?\s+(\S.*?)\s*$/.exec(line)?.[1] ?? cells.at(-1) ?? ''
  const { comm, args } = nameOrCommandLine(command)
  return {
    ...bareProcess(pid, comm),
    user: cell('USER') ?? null,
    ppid: pidCell(cell('PPID')),
    rssKib,
    swapKib: kibCell(cell('SWAP')),
    vszKib: kibCell(cell('VIRT', 'SIZE')),
    args,
  }
}
