import type { FileAnalysis, LineAccount, SuspiciousShape } from '@/lib/analysis/analysis'

export type LineClass = FileAnalysis['strip'][number]

interface Run {
  from: number
  to: number
  what: LineClass
}

const STRIP_CELLS = 200
const MAX_SHAPES = 200
const MAX_SHAPE_LENGTH = 160
const SHOWN_LINES = 5
/** What a cell of the strip shows when its lines differ. */
const PRIORITY: readonly LineClass[] = ['kill', 'recognised', 'suspicious', 'context', 'ignored']

/** Keeps the book on every line of a source. Memory grows with the lines that matter, not with the source. */
export function createAccount() {
  const runs: Run[] = []
  const shapes = new Map<string, SuspiciousShape>()
  let unlisted = 0

  return {
    /**
     * Puts lines `from` to `to` in a class; lines never marked are ignored. Called in ascending order; where parts of one
     * physical line are marked apart, the most telling one names it.
     */
    mark(from: number, to: number, what: LineClass): void {
      let start = from
      for (let last = runs.at(-1); last && start <= last.to; last = runs.at(-1)) {
        if (PRIORITY.indexOf(what) >= PRIORITY.indexOf(last.what)) {
          start = last.to + 1
        } else {
          last.to = start - 1
          if (last.to < last.from) runs.pop()
        }
      }
      if (start > to) return
      const last = runs.at(-1)
      if (last && last.what === what && last.to + 1 === start) last.to = to
      else runs.push({ from: start, to, what })
    },

    suspect(line: number, message: string): void {
      const shape = message.slice(0, MAX_SHAPE_LENGTH).replace(/\d+/g, 'N').trim()
      const known = shapes.get(shape)
      if (known) {
        known.count += 1
        if (known.firstLines.length < SHOWN_LINES) known.firstLines.push(line)
      } else if (shapes.size < MAX_SHAPES) shapes.set(shape, { shape, count: 1, firstLines: [line] })
      else unlisted += 1
    },

    /** @param lines number of lines of the whole source */
    finish(lines: number): { account: LineAccount; strip: LineClass[]; shapes: SuspiciousShape[]; unlisted: number } {
      const count = { recognised: 0, context: 0, suspicious: 0 }
      for (const run of runs) {
        const length = run.to - run.from + 1
        if (run.what === 'kill' || run.what === 'recognised') count.recognised += length
        else if (run.what === 'context') count.context += length
        else if (run.what === 'suspicious') count.suspicious += length
      }
      const ignored = lines - count.recognised - count.context - count.suspicious
      return {
        account: { lines, ...count, ignored },
        strip: stripOf(runs, lines),
        shapes: [...shapes.values()].sort((a, b) => b.count - a.count),
        unlisted,
      }
    },
  }
}

function stripOf(runs: readonly Run[], lines: number): LineClass[] {
  const cells = Math.min(STRIP_CELLS, lines)
  const strip: LineClass[] = new Array(cells).fill('ignored')
  for (const run of runs) {
    const first = Math.floor(((run.from - 1) * cells) / lines)
    const last = Math.min(cells - 1, Math.floor(((run.to - 1) * cells) / lines))
    for (let cell = first; cell <= last; cell += 1) {
      if (PRIORITY.indexOf(run.what) < PRIORITY.indexOf(strip[cell] ?? 'ignored')) strip[cell] = run.what
    }
  }
  return strip
}
