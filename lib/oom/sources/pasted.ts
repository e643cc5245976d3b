import { beginsAsKernel } from '@/lib/logs/pasted-line'
import { createLocalClock, type PrintedInstant } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import type { MetricsReading } from '@/lib/metrics/formats/reading'
import { readMetrics } from '@/lib/metrics/formats/registry'
import { parseStampLine } from '@/lib/metrics/formats/stamp-lines'
import { heldByProgram } from '@/lib/metrics/process'
import type { Facts, Instant } from '@/lib/oom/facts'
import type { Claim, Entry, OomReader, OomSource } from '@/lib/oom/source'
import { PASTED_TOOLS, type PastedTool } from '@/lib/oom/sources/pasted-tools'
import { createTimeBetween } from '@/lib/oom/sources/time-between'
import { parseUptimeLine } from '@/lib/oom/sources/uptime'
import type { SourceHints } from '@/lib/source'

/** A list longer than this is a file of its own. */
const MAX_ROWS = 5_000
const MAX_ROW_LENGTH = 2_000
/** Lines of other programs that may stand between two lines of one printing that a script sends to syslog. */
const MAX_LINES_BETWEEN = 100

interface Block {
  tool: PastedTool
  first: Entry
  lines: string[]
  /** The entry of each line. */
  entries: Entry[]
  /** Lines that a row is read under, and how many of them tell something by themselves. */
  head: { lines: string[]; recognised: number }
  /** Entries of the rows that told something. */
  rows: Entry[]
  /** The instant printed on the line above. */
  above: PrintedInstant | null
}

/**
 * `top`, `free`, `ps`, `vmstat`, `/proc/meminfo` and `lsof` pasted into a log, a mail or a ticket, or sent to syslog line
 * by line. When it was printed is told by the envelope of its lines, by a date above it, or by top's time of day between
 * two lines of the log; else it stands beside the timeline, with its lines.
 */
export const pasted: OomSource = {
  name: 'pasted',
  sample: '  PID TTY      STAT   RSS COMMAND',
  open: openPasted,
}

function openPasted(facts: Facts): OomReader {
  const hints: SourceHints = {
    name: facts.source,
    host: null,
    zone: facts.zone,
    year: null,
    modifiedAt: null,
    receivedAt: null,
  }
  const between = createTimeBetween()
  let block: Block | null = null
  let stampLine: { line: number; instant: PrintedInstant } | null = null

  function close(): void {
    const done = block
    block = null
    if (!done) return
    const reading = readMetrics(done.tool.format, done.lines.join('\n'), hints)
    const load = parseUptimeLine(done.first.message)
    if (done.rows.length > 0) tell(facts, done, reading, instantOf(done))
    else if (load) facts.addSnapshot(done.first, instantOf(done), load.text, load.detail)
  }

  /** Null when nothing tells when it was printed. */
  function instantOf({ first, above }: Block): Instant {
    if (isEnveloped(first)) {
      const stamp = first.stamp()
      return () => stamp.at
    }
    if (above) {
      const draft = createDraft('pasted', 1, hints)
      const at = createLocalClock(hints, draft).resolve(above)
      facts.assume(draft.finish('snapshot').assumed)
      return () => at
    }
    return between.await(first)
  }

  function readLine(entry: Entry): Claim {
    const text = entry.message
    const tool = text.length > MAX_ROW_LENGTH ? undefined : PASTED_TOOLS.find(({ begins }) => begins.test(text))
    if (block && !tool && isBeside(block, entry)) return null
    if (block && !tool && take(block, entry, hints)) return 'recognised'
    close()
    if (tool) {
      const above = stampLine && entry.from - stampLine.line <= 2 ? stampLine.instant : null
      block = open(tool, entry, above, hints)
      return parseUptimeLine(text) ? 'recognised' : 'context'
    }
    const instant = isEnveloped(entry) ? null : parseStampLine(text)
    if (instant) stampLine = { line: entry.to, instant }
    return null
  }

  return {
    read(entry) {
      const claim = readLine(entry)
      // Afterwards, so that the line which ends a printing bounds it.
      between.see(entry)
      return claim
    },
    end: close,
  }
}

function isEnveloped({ format }: Entry): boolean {
  return format !== 'bare'
}

function isSameWriter(a: Entry, b: Entry): boolean {
  return a.host === b.host && a.program === b.program && a.pid === b.pid && isEnveloped(a) === isEnveloped(b)
}

/** Lines of others that syslog puts between two lines of one printing. */
function isBeside({ entries, first }: Block, entry: Entry): boolean {
  const last = entries.at(-1) ?? first
  return (
    isEnveloped(first) && isEnveloped(entry) && !isSameWriter(first, entry) && entry.from - last.to <= MAX_LINES_BETWEEN
  )
}

function open(tool: PastedTool, first: Entry, above: PrintedInstant | null, hints: SourceHints): Block {
  const lines = [first.message]
  return {
    tool,
    first,
    lines,
    entries: [first],
    head: { lines: [...lines], recognised: recognisedIn(tool, lines, hints) },
    rows: [],
    above,
  }
}

/** Adds a line that belongs to the printing: the tool's own reader takes it under the head. False for any other. */
function take(block: Block, entry: Entry, hints: SourceHints): boolean {
  const { tool, first, entries, lines, head, rows } = block
  const text = entry.message
  const last = entries.at(-1) ?? first
  const isHead = tool.heads?.test(text) ?? false
  // A blank line stands above the table of top.
  const reach = isEnveloped(first) ? MAX_LINES_BETWEEN : isHead ? 2 : 1
  if (!isSameWriter(first, entry) || entry.from - last.to > reach) return false
  if (text.length > MAX_ROW_LENGTH || lines.length > MAX_ROWS) return false
  if (!tool.takesKernelWords && beginsAsKernel(text)) return false
  const recognised = recognisedIn(tool, [...head.lines, text], hints)
  const isRow = recognised > head.recognised && !(isHead && tool.isSeries)
  if (!isRow && !isHead && !tool.passes?.test(text)) return false
  if (isRow) rows.push(entry)
  if (isHead) {
    head.lines.push(text)
    head.recognised = recognised
  }
  lines.push(text)
  entries.push(entry)
  return true
}

function recognisedIn({ format }: PastedTool, lines: string[], hints: SourceHints): number {
  return readMetrics(format, lines.join('\n'), hints).recognisedLines
}

function tell(
  facts: Facts,
  { tool, first, entries, rows, lines }: Block,
  reading: MetricsReading,
  told: Instant,
): void {
  const { host } = first
  const last = entries.at(-1) ?? first
  for (const { at, line, ...list } of reading.processes)
    facts.addProcesses(host, at === null ? told : () => at, { ...list, line: entries[line - 1]?.from ?? first.from })
  facts.openFiles.push(...reading.openFiles)
  for (const { at, ...fields } of reading.samples) facts.addMeasured(host, () => at, null, fields)
  // Rows of a series that syslog dates have an instant each; any other printing is of one instant.
  const isEach = tool.isSeries && isEnveloped(first) && reading.undated.length === rows.length
  reading.undated.forEach(({ timeText, ...fields }, index) => {
    const stamp = isEach ? rows[index]?.stamp() : undefined
    const at: Instant = stamp ? () => stamp.at : reading.undated.length === 1 ? told : () => null
    facts.addMeasured(host, at, timeText, fields)
  })
  facts.assume(reading.assumed.filter(({ isEvidenced }) => !isEvidenced))
  const [list] = reading.processes
  const load = parseUptimeLine(lines[0] ?? '')
  const detail = { ...load?.detail, ...(list && heldByProgram(list.rows)) }
  facts.addSnapshot({ ...first, to: last.to }, () => told() ?? reading.from, load?.text ?? null, detail)
}
