import { createLineSplitter } from '@/lib/logs/text'

/** Kept of either end of a file: more than any report known is long. */
const KEPT_BYTES = 256 * 1024

/** Keeps the first and last lines of a file that is read once, for a report that rotation has cut there. */
export function createEnds() {
  const first: Uint8Array[] = []
  let firstBytes = 0
  let last: Uint8Array[] = []
  let lastBytes = 0

  return {
    push(bytes: Uint8Array): void {
      const room = KEPT_BYTES - firstBytes
      if (room > 0) {
        const part = bytes.slice(0, room)
        first.push(part)
        firstBytes += part.length
      }
      const part = bytes.slice(-KEPT_BYTES)
      last.push(part)
      lastBytes += part.length
      while (last[0] && lastBytes - last[0].length >= KEPT_BYTES) {
        lastBytes -= last[0].length
        last = last.slice(1)
      }
    },

    /** The first lines, the last of which may be cut. */
    head: (): string[] => linesOf(first),

    /** The last `count` lines; null when they are not kept whole. */
    tail(count: number): string[] | null {
      const lines = linesOf(last)
      // The first of the kept bytes may stand in the middle of a line.
      return count < lines.length || (count === lines.length && lastBytes < KEPT_BYTES) ? lines.slice(-count) : null
    },
  }
}

export type Ends = ReturnType<typeof createEnds>

function linesOf(parts: readonly Uint8Array[]): string[] {
  const lines: string[] = []
  const splitter = createLineSplitter((block) => {
    const found = block.split('\n')
    found.pop()
    for (const line of found) lines.push(line)
  })
  for (const part of parts) splitter.push(part)
  splitter.end()
  return lines
}
