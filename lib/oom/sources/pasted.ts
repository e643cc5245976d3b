import { free } from '@/lib/metrics/formats/free'
import { lsof } from '@/lib/metrics/formats/lsof'
import { ps } from '@/lib/metrics/formats/ps'
import type { MetricsFormat, MetricsReading } from '@/lib/metrics/formats/reading'
import { readMetrics } from '@/lib/metrics/formats/registry'
import { heldByProgram } from '@/lib/metrics/process'
import type { Facts } from '@/lib/oom/facts'
import type { Entry, OomReader, OomSource } from '@/lib/oom/source'
import type { SourceHints } from '@/lib/source'

/** Tools whose output people paste into the middle of a log, and how its first line looks. */
const TOOLS: readonly { format: MetricsFormat; header: RegExp }[] = [
  { format: ps, header: /^\s*(?:[%A-Z_+]+\s+){0,15}PID\s+(?:[%A-Z_+]+\s+){0,15}(?:COMMAND|CMD|ARGS|COMM)\s*$/ },
  { format: free, header: /^\s*total +used +free +shared +(?:buffers|buff\/cache)/ },
  { format: lsof, header: /^COMMAND\s+PID\s.*\bFD\s+TYPE\s.*NAME\s*$/ },
]
/** A list longer than this is a file of its own. */
const MAX_ROWS = 5_000
const MAX_ROW_LENGTH = 2_000

interface Block {
  format: MetricsFormat
  first: Entry
  lines: string[]
  lastLine: number
}

/**
 * Process lists, `free` and `lsof` pasted into a log, a mail or a ticket. The log around them does not say when they were
 * taken, so what they tell stands beside the timeline, with its lines.
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
    zone: null,
    year: null,
    modifiedAt: null,
    receivedAt: null,
  }
  let block: Block | null = null

  function close(): void {
    const done = block
    block = null
    if (done && done.lines.length > 1) tell(facts, done, readMetrics(done.format, done.lines.join('\n'), hints))
  }

  return {
    read(entry) {
      const text = entry.message
      if (entry.format !== 'bare' || text.length > MAX_ROW_LENGTH) {
        close()
        return null
      }
      if (block && isRowOf(block, entry)) {
        block.lines.push(text)
        block.lastLine = entry.to
        return 'recognised'
      }
      close()
      const tool = TOOLS.find(({ header }) => header.test(text))
      if (!tool) return null
      block = { format: tool.format, first: entry, lines: [text], lastLine: entry.to }
      return 'context'
    },
    end: close,
  }

  /** A row stands directly below the one before it, and the tool's own reader takes it under the header. */
  function isRowOf({ format, lines, lastLine }: Block, entry: Entry): boolean {
    if (entry.from !== lastLine + 1 || lines.length > MAX_ROWS) return false
    // Of free's table the row of memory says what the rows below it are.
    const head = lines.slice(0, 2)
    return readMetrics(format, [...head, entry.message].join('\n'), hints).recognisedLines > head.length
  }
}

function tell(facts: Facts, { first, lastLine }: Block, reading: MetricsReading): void {
  const before = first.from - 1
  const undated: Entry = { ...first, to: lastLine, stamp: () => ({ text: null, at: null, uptimeSeconds: null }) }
  for (const list of reading.processes) facts.processes.push({ ...list, line: list.line + before })
  facts.openFiles.push(...reading.openFiles)
  for (const { timeText: _, ...fields } of reading.undated) facts.addSample(undated, fields)
  const [list] = reading.processes
  facts.addEvent(undated, 'snapshot', 'info', list ? heldByProgram(list.rows) : {}, first.message)
}
