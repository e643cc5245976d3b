import type { Bytes } from '@/lib/units'

const PIECE: Bytes = 1024 ** 2
const LINE_FEED = 0x0a

/** A stretch of a body, cut at a line end where there is one. */
export interface Piece {
  index: number
  /** Number (1-based) of the line it begins in. */
  firstLine: number
  lineFeeds: number
  /** The receiver's until the next piece is asked for; their memory is used again then. */
  bytes: Buffer
}

/** Cuts a stream of bytes into pieces of at most 1 MiB whose line numbers are known. */
export function createPieces(): {
  push(chunk: Uint8Array): Iterable<Piece>
  /** The rest; to be called once, at the end. */
  end(): Iterable<Piece>
  /** Lines so far; a last one without a line end counts. */
  lines(): number
} {
  // One for all pieces: a large body would leave hundreds of megabytes to be collected.
  const held = Buffer.allocUnsafeSlow(PIECE)
  let heldBytes = 0
  let index = 0
  let line = 1
  let isMidLine = false

  function* cut(size: number): Generator<Piece> {
    const bytes = held.subarray(0, size)
    const lineFeeds = countLineFeeds(bytes)
    const piece = { index, firstLine: line, lineFeeds, bytes }
    index += 1
    line += lineFeeds
    isMidLine = bytes[size - 1] !== LINE_FEED
    yield piece
    held.copyWithin(0, size, heldBytes)
    heldBytes -= size
  }

  return {
    *push(chunk) {
      let from = 0
      while (from < chunk.length) {
        const part = chunk.subarray(from, from + PIECE - heldBytes)
        held.set(part, heldBytes)
        heldBytes += part.length
        from += part.length
        if (heldBytes === PIECE) yield* cut(held.lastIndexOf(LINE_FEED) + 1 || PIECE)
      }
    },
    *end() {
      if (heldBytes > 0) yield* cut(heldBytes)
    },
    lines: () => line - 1 + (isMidLine ? 1 : 0),
  }
}

function countLineFeeds(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1
  return count
}
