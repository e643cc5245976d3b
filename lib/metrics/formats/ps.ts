import { isBusyboxTop } from '@/lib/metrics/formats/busybox-top'
import { createLocalClock, type PrintedInstant } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { blockTime } from '@/lib/metrics/formats/keyed-blocks'
import { bareProcess, commOf, kibCell, nameOrCommandLine, pidCell } from '@/lib/metrics/formats/process-table'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine } from '@/lib/metrics/formats/stamp-lines'
import type { ProcessRow } from '@/lib/metrics/process'

interface Header {
  columns: string[]
  /** Where the command line begins, when it has a column of its own behind the name; ps pads back to it after a long cell. */
  argsStart: number | null
}

/** `ps` with any columns (aux, -ef, -ely, -eo …, --forest), once or as a series; bound by the names in its header. */
export const ps: MetricsFormat = {
  id: 'ps',

  recognise: (lines) =>
    !lines.slice(0, 5).some(isBusyboxTop) &&
    lines.slice(0, 5).some((line, index) => {
      const header = headerOf(line)
      return header !== null && parseRow(header, lines[index + 1] ?? '') !== null
    }),

  parse(lines, hints) {
    const draft = createDraft('ps', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    let header: Header | null = null
    let stamp: PrintedInstant | null = null
    let list = 0
    let seen = new Set<number>()
    lines.forEach((line, index) => {
      const found = headerOf(line)
      if (found) {
        header = found
        list += 1
        seen = new Set()
        draft.recognise(index + 1)
        return
      }
      const instant = parseStampLine(line)
      if (instant) {
        stamp = instant
        header = null
        return
      }
      if (!header || line.trim() === '') return
      const row = parseRow(header, line)
      if (row === 'thread') draft.recognise(index + 1)
      else if (!row) draft.warn(index + 1, 'cut-row', 'Refused: not a whole row of the process table.')
      else if (!seen.has(row.pid)) {
        // With -L and m every thread has a row; the first is the process.
        seen.add(row.pid)
        draft.addProcess(index + 1, blockTime({ stamp }, list, clock), row)
      }
    })
    return draft.finish('by-count')
  },
}

// Rows that begin with the name have no command line, so they are short.
const LONGEST_NAMED_ROW = 400
const COMMAND_NAMES = new Set(['COMMAND', 'CMD', 'ARGS', 'COMM'])

/** A header has a pid, a command and one more of ps's columns; top and pidstat have columns of their own. */
function headerOf(line: string): Header | null {
  const columns = line.trim().split(/\s+/)
  const isHeader =
    columns.includes('PID') &&
    columns.length >= 2 &&
    columns.every((name) => /^[%A-Z_+]+$/.test(name) || name === 'C' || name === 'S' || name === 'F') &&
    columns.some((name) => COMMAND_NAMES.has(name)) &&
    !columns.includes('VIRT') &&
    !columns.includes('RES') &&
    !columns.includes('FD') &&
    !columns.includes('RGROW')
  if (!isHeader) return null
  const places = columns.flatMap((name, place) => (COMMAND_NAMES.has(name) ? [place] : []))
  if (places.length < 2) return { columns, argsStart: null }
  const starts = [...line.matchAll(/COMMAND|CMD|ARGS|COMM/g)].map((match) => match.index)
  return { columns, argsStart: starts[1] ?? null }
}

/** Cells that hold spaces: `lstart` and `start` print dates under STARTED. */
const STARTED = /^(?:\p{L}{3} +\p{L}{3} +\d+ +\d\d:\d\d:\d\d +\d{4}|\p{L}{3} +\d{1,2}(?!\S)|\S+)/u

/** Null when a cell is missing; 'thread' for the rows of threads that `m` adds, which have no pid. */
function parseRow({ columns, argsStart }: Header, line: string): ProcessRow | 'thread' | null {
  const cells = new Map<string, string>()
  let rest = line.trimStart()
  const isNameFirst = COMMAND_NAMES.has(columns[0] ?? '') && columns.length > 1
  for (const [place, name] of columns.entries()) {
    const isLast = place === columns.length - 1
    let cell: string
    if (isLast) cell = rest.trimEnd()
    else if (place === 0 && isNameFirst) cell = nameInFront(rest, columns.length - 1)
    else if (COMMAND_NAMES.has(name) && argsStart !== null) cell = nameBefore(argsStart, line, rest)
    else cell = (name === 'STARTED' ? STARTED.exec(rest)?.[0] : /^\S+/.exec(rest)?.[0]) ?? ''
    if (cell === '') return null
    if (!cells.has(name)) cells.set(name, cell)
    else cells.set(`${name} line`, cell)
    rest = rest.slice(cell.length)
    // The indentation of --forest belongs to the last column.
    rest = place === columns.length - 2 ? rest.replace(/^ /, '') : rest.trimStart()
  }
  if (cells.get('PID') === '-') return 'thread'
  const pid = Number(cells.get('PID'))
  if (!Number.isInteger(pid) || pid <= 0) return null
  const command = [...COMMAND_NAMES].map((name) => cells.get(name)).find((cell) => cell !== undefined) ?? ''
  const line2 = [...COMMAND_NAMES].map((name) => cells.get(`${name} line`)).find((cell) => cell !== undefined)
  const args = (line2 ?? command).replace(/^[\s|]*\\_ /, '').trim()
  return {
    ...bareProcess(
      pid,
      line2 !== undefined ? command.trim() : isNameFirst ? nameOrCommandLine(args).comm : commOf(args),
    ),
    user: cells.get('USER') ?? cells.get('UID') ?? cells.get('EUSER') ?? cells.get('RUSER') ?? null,
    ppid: pidCell(cells.get('PPID')),
    rssKib: kibCell(cells.get('RSS') ?? cells.get('RSZ')),
    swapKib: kibCell(cells.get('SWAP')),
    vszKib: kibCell(cells.get('VSZ')),
    args,
  }
}

/** A name in the first column may hold spaces: it is what the other columns leave over. */
function nameInFront(text: string, columnsBehind: number): string {
  const behind = new RegExp(String.raw`(?:\s+\S+){${columnsBehind}}\s*$`).exec(text.slice(0, LONGEST_NAMED_ROW))
  return behind ? text.slice(0, behind.index) : ''
}

/** The name in front of the command line. It may hold spaces, so it ends where the next column begins. */
function nameBefore(argsStart: number, line: string, rest: string): string {
  const start = line.length - rest.length
  const isAligned = argsStart > start && /\s/.test(line[argsStart - 1] ?? '') && /\S/.test(line[argsStart] ?? '')
  return (isAligned ? line.slice(start, argsStart) : (/^\S+/.exec(rest)?.[0] ?? '')).trimEnd()
}
