import { createTriggerPattern } from '@/lib/analysis/triggers'

/** Lines that are read one by one after the last one that told something. */
const NEAR_LINES = 200
/** Lines before a trigger word that are read too: a broken message may begin there. */
const LINES_BEFORE = 4
/** Lines from a trigger word on that are read whatever they tell. */
const LINES_AFTER = 3

/** What is done with the lines of a log. */
export interface LineSink {
  /** Looks at a line whole. `line` is its number. */
  readLine(raw: string, line: number): void
  /** Passes over whole lines of `text`, from offset `from` to offset `to`; the first is number `line`. */
  skimLines(text: string, from: number, to: number, line: number): void
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
export function createScanner(sink: LineSink, isRecord: (block: string) => boolean, linesBefore = 0) {
  const trigger = createTriggerPattern()
  /** Lines that will be read whatever they hold. */
  let near = 0
  let lines = linesBefore
  /** The last lines passed over, not yet skimmed: they are read after all when the next one has a trigger word. */
  let held: string[] = []

  function readHeld(): void {
    const before = held
    held = []
    for (const text of before) {
      lines += 1
      sink.readLine(text, lines)
    }
  }

  function skim(text: string, from: number, to: number): void {
    if (from >= to) return
    const first = lines + 1
    for (let at = from; at < to; at = text.indexOf('\n', at) + 1) lines += 1
    sink.skimLines(text, from, to, first)
  }

  function skimHeld(keep: number): void {
    while (held.length > keep) {
      const oldest = held.shift() ?? ''
      skim(`${oldest}\n`, 0, oldest.length + 1)
    }
  }

  /** Start of the last `LINES_BEFORE` lines that end at `to`, but not before `from`. */
  function startOfHeld(text: string, from: number, to: number): number {
    let at = to
    for (let count = 0; count < LINES_BEFORE && at > from; count += 1) {
      const before = at >= 2 ? text.lastIndexOf('\n', at - 2) : -1
      at = Math.max(from, before + 1)
    }
    return at
  }

  function passOver(text: string, from: number, to: number): void {
    if (from >= to) return
    sink.pause()
    const start = startOfHeld(text, from, to)
    const last = text.slice(start, to - 1).split('\n')
    skimHeld(Math.max(0, LINES_BEFORE - last.length))
    if (start > from) skimHeld(0)
    skim(text, from, start)
    held.push(...last)
  }

  function holdsTrigger(text: string, from: number): number {
    trigger.lastIndex = from
    return trigger.exec(text)?.index ?? text.length
  }

  return {
    readBlock(text: string): void {
      if (lines === linesBefore && isRecord(text)) near = 1
      let at = 0
      let hit = -1
      while (at < text.length) {
        if (near <= 0) {
          if (hit < at) hit = holdsTrigger(text, at)
          const start = hit >= text.length ? text.length : text.lastIndexOf('\n', hit) + 1
          passOver(text, at, start)
          at = start
          if (at >= text.length) return
          readHeld()
          near = Math.max(near, LINES_AFTER)
        }
        const end = text.indexOf('\n', at)
        near -= 1
        lines += 1
        sink.readLine(text.slice(at, end), lines)
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
    hasTrigger: (text: string): boolean => holdsTrigger(text, 0) < text.length,

    end(): void {
      skimHeld(0)
      sink.pause()
    },

    lines: () => lines,
  }
}
