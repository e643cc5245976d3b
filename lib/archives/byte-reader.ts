/** Bytes of a stream, taken in pieces of any wanted size, with a look ahead. */
export interface ByteReader {
  /** At least `length` bytes without taking them; fewer only at the end. */
  peek(length: number): Promise<Uint8Array>
  /** Exactly `length` bytes; fewer only at the end. For small lengths: they are held in memory. */
  take(length: number): Promise<Uint8Array>
  /** The next bytes as they come, at most `length` of them; null at the end. */
  next(length: number): Promise<Uint8Array | null>
  /** Everything left, piece by piece. */
  rest(): AsyncGenerator<Uint8Array>
  /** Tells the source that nothing more will be read. */
  close(): Promise<void>
}

export function createByteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]()
  let held: Uint8Array[] = []
  let heldLength = 0
  let isEnded = false

  async function fill(length: number): Promise<void> {
    while (heldLength < length && !isEnded) {
      const { value, done } = await iterator.next()
      if (done) isEnded = true
      else if (value.length > 0) {
        held.push(value)
        heldLength += value.length
      }
    }
  }

  function joined(): Uint8Array {
    const [only] = held
    if (only && held.length === 1) return only
    const whole = new Uint8Array(heldLength)
    let offset = 0
    for (const piece of held) {
      whole.set(piece, offset)
      offset += piece.length
    }
    held = heldLength === 0 ? [] : [whole]
    return whole
  }

  async function take(length: number): Promise<Uint8Array> {
    await fill(length)
    const whole = joined()
    const taken = whole.subarray(0, length)
    const left = whole.subarray(length)
    held = left.length === 0 ? [] : [left]
    heldLength = left.length
    return taken
  }

  async function next(length: number): Promise<Uint8Array | null> {
    await fill(1)
    const piece = held.shift()
    if (!piece) return null
    if (piece.length > length) held.unshift(piece.subarray(length))
    const taken = piece.subarray(0, length)
    heldLength -= taken.length
    return taken
  }

  return {
    async peek(length) {
      await fill(length)
      return joined()
    },
    take,
    next,
    async *rest() {
      for (let piece = await next(Number.MAX_SAFE_INTEGER); piece; piece = await next(Number.MAX_SAFE_INTEGER))
        yield piece
    },
    async close() {
      isEnded = true
      await iterator.return?.()
    },
  }
}
