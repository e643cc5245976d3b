import bitIterator, { type BitReader } from 'unbzip2-stream/lib/bit_iterator.js'
import bzip2 from 'unbzip2-stream/lib/bzip2.js'

const PIECE_BYTES = 64 * 1024
const BLOCK_UNIT_BYTES = 100_000
// A packed block can be this much larger than what it holds.
const BLOCK_SLACK_BYTES = 25_000

/**
 * Unpacks bzip2, several streams one after the other included, block by block.
 *
 * @param check called with the length of each piece before it is kept; what it throws stops the decoder inside its block
 * @throws when the packed data is damaged or ends early
 */
export async function* unpackBzip2(
  source: AsyncIterable<Uint8Array>,
  check: (length: number) => void,
): AsyncGenerator<Uint8Array> {
  const packed: Uint8Array[] = []
  let received = 0
  let bits: BitReader | null = null
  let blockUnits = 0
  let sum: number | null = null
  const work = new Int32Array(9 * BLOCK_UNIT_BYTES)
  let ready: Uint8Array[] = []
  let piece = new Uint8Array(PIECE_BYTES)
  let filled = 0

  function flush(): void {
    if (filled === 0) return
    check(filled)
    ready.push(piece.subarray(0, filled))
    piece = new Uint8Array(PIECE_BYTES)
    filled = 0
  }

  function take(byte: number): void {
    piece[filled] = byte
    filled += 1
    if (filled === PIECE_BYTES) flush()
  }

  /** A stream's header, or one block of it. */
  function step(reader: BitReader): void {
    if (blockUnits === 0) {
      blockUnits = bzip2.header(reader)
      sum = 0
      return
    }
    sum = bzip2.decompress(reader, take, work, blockUnits * BLOCK_UNIT_BYTES, sum ?? 0)
    if (sum === null) blockUnits = 0
  }

  function takeReady(): Uint8Array[] {
    flush()
    const pieces = ready
    ready = []
    return pieces
  }

  for await (const part of source) {
    packed.push(part)
    received += part.length
    bits ??= bitIterator(() => packed.shift())
    // The decoder cannot wait inside a block, so it starts only when a whole one must be there.
    const isBlockThere = (reader: BitReader) =>
      received - reader.bytesRead > (blockUnits === 0 ? 4 : blockUnits * BLOCK_UNIT_BYTES + BLOCK_SLACK_BYTES)
    while (isBlockThere(bits)) {
      step(bits)
      yield* takeReady()
    }
  }
  while (bits && received > bits.bytesRead) {
    step(bits)
    yield* takeReady()
  }
  if (sum !== null) throw new Error('ends early')
}
