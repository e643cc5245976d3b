import { AppError } from '@/lib/errors'

/** A copy of 3 bytes yields 64 at most, so a larger claim is a lie. */
const MOST_PER_BYTE = 32
/** Up to here a loop is faster than a call into the engine. */
const SMALL = 32

/**
 * Decompresses snappy's block format (never framed), which remote write and Loki use.
 *
 * @param limit refuses a longer output before anything is allocated
 * @throws AppError 'too-large', 'invalid'
 * @see google/snappy format_description.txt
 */
export function decompressSnappy(input: Uint8Array, limit: number): Uint8Array {
  const { length, start } = readLength(input)
  if (length > limit) throw new AppError('too-large', `The body holds ${length} bytes; ${limit} are allowed.`)
  if (length > input.length * MOST_PER_BYTE) throw broken('its length cannot be reached')
  const output = new Uint8Array(length)
  let from = start
  let to = 0
  while (from < input.length) {
    const tag = input[from] ?? 0
    from += 1
    if ((tag & 3) === 0) {
      let size = (tag >>> 2) + 1
      if (size > 60) {
        const width = size - 60
        size = littleEndian(input, from, width) + 1
        from += width
      }
      if (from + size > input.length || to + size > length) throw broken('a literal runs over the end')
      if (size > SMALL) output.set(input.subarray(from, from + size), to)
      else for (let i = 0; i < size; i += 1) output[to + i] = input[from + i] ?? 0
      from += size
      to += size
      continue
    }
    const { size, offset, width } = readCopy(tag, input, from)
    from += width
    if (offset === 0 || offset > to || to + size > length) throw broken('a copy points outside')
    // A copy may overlap what it writes: that is how a run is stored.
    if (size > SMALL && offset >= size) output.copyWithin(to, to - offset, to - offset + size)
    else for (let i = 0; i < size; i += 1) output[to + i] = output[to + i - offset] ?? 0
    to += size
  }
  if (to !== length) throw broken('it is cut')
  return output
}

/** True when the bytes begin with a length that a block of this size can reach; nothing is decompressed. */
export function looksLikeSnappy(input: Uint8Array): boolean {
  try {
    return readLength(input).length <= input.length * MOST_PER_BYTE
  } catch {
    return false
  }
}

function readLength(input: Uint8Array): { length: number; start: number } {
  let length = 0
  for (let index = 0; index < 5; index += 1) {
    const byte = input[index]
    if (byte === undefined) break
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) {
      if (length > 0xffffffff) break
      return { length, start: index + 1 }
    }
  }
  throw broken('it has no length')
}

function readCopy(tag: number, input: Uint8Array, from: number): { size: number; offset: number; width: number } {
  switch (tag & 3) {
    case 1:
      return { size: ((tag >>> 2) & 7) + 4, offset: ((tag >>> 5) << 8) + littleEndian(input, from, 1), width: 1 }
    case 2:
      return { size: (tag >>> 2) + 1, offset: littleEndian(input, from, 2), width: 2 }
    default:
      return { size: (tag >>> 2) + 1, offset: littleEndian(input, from, 4), width: 4 }
  }
}

function littleEndian(input: Uint8Array, from: number, width: number): number {
  if (from + width > input.length) throw broken('it is cut')
  let value = 0
  for (let index = width - 1; index >= 0; index -= 1) value = value * 256 + (input[from + index] ?? 0)
  return value
}

function broken(why: string): AppError {
  return new AppError('invalid', `The body is not a snappy block: ${why}.`)
}
