import type { Bytes } from '@/lib/units'

const PIECE: Bytes = 1024 ** 2
const LINE_FEED = 0x0a

/** A stretch of a body, cut at a line end where there is one. */
export interface Piece {
  index: number
  /** Number (1-based) of the line it begins in. */
  firstLine: number
  lineFeeds: number
  bytes: Buffer
}

/** Cuts a stream of bytes into pieces of at most 1 MiB whose line numbers are known. */
export function createPieces(): {
  push(chunk: Uint8Array): Piece[]
  /** The rest; to be called once, at the end. */
  end(): Piece[]
  /** Lines so far; a last one without a line end counts. */
  lines(): number
} {
  let held: Uint8Array[] = []
  let heldBytes = 0
  let index = 0
  let line = 1
  let isMidLine = false

  function cut(bytes: Buffer): Piece {
    const lineFeeds = countLineFeeds(bytes)
    const piece = { index, firstLine: line, lineFeeds, bytes }
    index += 1
    line += lineFeeds
    isMidLine = bytes[bytes.length - 1] !== LINE_FEED
    return piece
  }

  return {
    push(chunk) {
      held.push(chunk)
      heldBytes += chunk.length
      if (heldBytes < PIECE) return []
      let rest = Buffer.concat(held)
      const pieces: Piece[] = []
      while (rest.length >= PIECE) {
        const end = rest.subarray(0, PIECE).lastIndexOf(LINE_FEED)
        const size = end === -1 ? PIECE : end + 1
        pieces.push(cut(rest.subarray(0, size)))
        rest = rest.subarray(size)
      }
      held = [rest]
      heldBytes = rest.length
      return pieces
    },
    end() {
      const rest = Buffer.concat(held)
      held = []
      heldBytes = 0
      return rest.length > 0 ? [cut(rest)] : []
    },
    lines: () => line - 1 + (isMidLine ? 1 : 0),
  }
}

function countLineFeeds(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1
  return count
}
