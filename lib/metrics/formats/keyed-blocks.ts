import type { LocalClock, PrintedInstant } from '@/lib/metrics/formats/clock'
import type { RowTime } from '@/lib/metrics/formats/draft'
import { parseStampLine, splitStamp } from '@/lib/metrics/formats/stamp-lines'

/** One printing of a file of "name value" lines, like /proc/meminfo, with the instant a script printed before it. */
export interface KeyedBlock<Value> {
  line: number
  lastLine: number
  stamp: PrintedInstant | null
  entries: Map<string, Value>
}

/**
 * Cuts a series of printings apart: at a line that is an instant, and where a name comes again. An instant may also stand
 * before every line.
 *
 * @param parseLine name and value of a line without its instant, null when it is not of this kind
 */
export function readKeyedBlocks<Value>(
  lines: string[],
  parseLine: (line: string, number: number) => [string, Value] | null,
): KeyedBlock<Value>[] {
  const blocks: KeyedBlock<Value>[] = []
  let stamp: PrintedInstant | null = null
  let open: KeyedBlock<Value> | null = null
  lines.forEach((line, index) => {
    const found = parseStampLine(line)
    if (found) {
      stamp = found
      open = null
      return
    }
    const { stamp: own, text } = splitStamp(line)
    const entry = parseLine(text, index + 1)
    if (!entry) return
    if (open?.entries.has(entry[0])) {
      // Two printings without an instant between them: the second has none.
      open = null
      stamp = null
    }
    if (!open) {
      open = { line: index + 1, lastLine: index + 1, stamp: own ?? stamp, entries: new Map() }
      blocks.push(open)
    }
    open.entries.set(entry[0], entry[1])
    open.lastLine = index + 1
  })
  return blocks
}

/**
 * When the printing at this index was made: its own instant, or none and a key of its own. A day that does not exist is no
 * number, which refuses the printing.
 */
export function blockTime(block: { stamp: PrintedInstant | null }, index: number, clock: LocalClock): RowTime {
  return { at: block.stamp && (clock.resolve(block.stamp) ?? Number.NaN), key: `block-${index}` }
}
