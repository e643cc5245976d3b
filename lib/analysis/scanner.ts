import { findTrigger } from '@/lib/analysis/trigger-finder'
import { createTriggerPattern } from '@/lib/analysis/triggers'
import { decodeLines } from '@/lib/logs/text'

/** Lines that are read one by one after the last one that told something. */
const NEAR_LINES = 200
/** Lines before a trigger word that are read too: a broken message may begin there. */
const LINES_BEFORE = 4
/** Lines from a trigger word on that are read whatever they tell. */
const LINES_AFTER = 3
const LF = 10

/** What is done with the lines of a log. */
export interface LineSink {
  /** Looks at a line whole. `line` is its number. */
  readLine(raw: string, line: number): void
  /** Passes over whole lines, those of `block` from offset `from` to offset `to`; the first is number `line`. @returns how many */
  skimLines(block: Uint8Array, from: number, to: number, line: number): number
  /** True while the line after the last one read must be read too. */
  isWaiting(): boolean
  /** The lines that follow are passed over: what is unfinished is as complete as it gets. */
  pause(): void
}

/**
 * Decides line by line which are looked at: those near trigger words, and those near lines that told something. Most
 * lines of a log are neither, and no string or object is made for them. Blocks hold whole lines; how a log is cut into
 * blocks changes nothing.
 *
 * @param linesBefore lines of the log that were read elsewhere; the first line here has the number after them
 */
export function createScanner(sink: LineSink, isRecord: (text: string) => boolean, linesBefore = 0) {
  const trigger = createTriggerPattern()
  /** Lines that will be read whatever they hold. */
  let near = 0
  let lines = linesBefore
  /** The last lines passed over, not yet skimmed: they are read after all when the next one has a trigger word. */
  let held: Uint8Array[] = []

  function readHeld(): void {
    const before = held
    held = []
    for (const line of before) {
      lines += 1
      sink.readLine(decodeLines(line.subarray(0, -1)), lines)
    }
  }

  function skim(block: Uint8Array, from: number, to: number): void {
    if (from < to) lines += sink.skimLines(block, from, to, lines + 1)
  }

  function skimHeld(keep: number): void {
    while (held.length > keep) {
      const oldest = held.shift()
      if (oldest) skim(oldest, 0, oldest.length)
    }
  }

  /** The last `LINES_BEFORE` lines that end at `to`, but none before `from`; copies, because the block is not ours to keep. */
  function lastLines(block: Uint8Array, from: number, to: number): Uint8Array[] {
    const last: Uint8Array[] = []
    let end = to
    while (last.length < LINES_BEFORE && end > from) {
      const start = end >= 2 ? Math.max(from, block.lastIndexOf(LF, end - 2) + 1) : from
      last.unshift(new Uint8Array(block.subarray(start, end)))
      end = start
    }
    return last
  }

  function passOver(block: Uint8Array, from: number, to: number): void {
    if (from >= to) return
    sink.pause()
    const last = lastLines(block, from, to)
    const start = last.reduce((at, line) => at - line.length, to)
    skimHeld(Math.max(0, LINES_BEFORE - last.length))
    if (start > from) skimHeld(0)
    skim(block, from, start)
    held.push(...last)
  }

  return {
    readBlock(block: Uint8Array): void {
      const textOf = createTextOf(block)
      if (lines === linesBefore && isRecord(decodeLines(block.subarray(0, block.indexOf(LF) + 1)))) near = 1
      let at = 0
      let hit = -1
      while (at < block.length) {
        if (near <= 0) {
          if (hit < at) hit = findTrigger(block, at)
          const start = hit >= block.length ? block.length : block.lastIndexOf(LF, hit) + 1
          passOver(block, at, start)
          at = start
          if (at >= block.length) return
          readHeld()
          near = Math.max(near, LINES_AFTER)
        }
        const end = block.indexOf(LF, at)
        near -= 1
        lines += 1
        sink.readLine(textOf(at, end), lines)
        at = end + 1
        if (near > 0) continue
        if (sink.isWaiting()) near = 1
        else sink.pause()
      }
    },

    /** The line just read told something: its neighbours may too. */
    stayNear(): void {
      near = NEAR_LINES
    },

    /** True when a text holds a trigger word. */
    hasTrigger(text: string): boolean {
      trigger.lastIndex = 0
      return trigger.test(text)
    },

    end(): void {
      skimHeld(0)
      sink.pause()
    },

    lines: () => lines,
  }
}

/** Text between two offsets of a block. A block of plain characters is decoded once, others line by line. */
function createTextOf(block: Uint8Array): (from: number, to: number) => string {
  let text: string | null = null
  return (from, to) => {
    text ??= decodeLines(block)
    return text.length === block.length ? text.slice(from, to) : decodeLines(block.subarray(from, to))
  }
}
