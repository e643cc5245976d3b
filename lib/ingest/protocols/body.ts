import { createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { Decompress } from 'fzstd'
import { AppError } from '@/lib/errors'
import { decompressSnappy, looksLikeSnappy } from '@/lib/snappy'
import type { Bytes } from '@/lib/units'

/** Of a body, as sent and as expanded. OTLP recommends 20 MiB. */
export const BODY_LIMIT: Bytes = 20 * 1024 * 1024

/** fzstd allocates the window a frame asks for; zstd's own decoders stop here too. */
const ZSTD_WINDOW_LIMIT: Bytes = 8 * 1024 * 1024

/** So much more of a body that is too large is read and let go: most senders hear an answer only when they have sent all. */
const PATIENCE = 5

/**
 * Reads a body whole; holds no more than the limit.
 *
 * @throws AppError 'too-large'
 */
export async function readBody(chunks: AsyncIterable<Uint8Array>, limit: Bytes = BODY_LIMIT): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > limit * PATIENCE) break
    if (length <= limit) parts.push(chunk)
    else parts.length = 0
  }
  if (length > limit) throw tooLarge(limit)
  return Buffer.concat(parts)
}

/**
 * Undoes the content encoding. What the bytes are decides, not what the header says: senders forget the header, and
 * put it on bodies that are plain.
 *
 * @param expectsSnappy true where the protocol's bodies are snappy even without a header
 * @throws AppError 'too-large', 'invalid', 'unsupported-type'
 */
export async function decodeBody(
  body: Uint8Array,
  contentEncoding: string | null,
  { expectsSnappy = false, limit = BODY_LIMIT }: { expectsSnappy?: boolean; limit?: Bytes } = {},
): Promise<Uint8Array> {
  const named = (contentEncoding ?? '').toLowerCase().trim()
  if (body.length === 0) return body
  if (body[0] === 0x1f && body[1] === 0x8b) return inflate(body, createGunzip(), limit)
  if (body[0] === 0x28 && body[1] === 0xb5 && body[2] === 0x2f && body[3] === 0xfd) return unzstd(body, limit)
  if (named === 'deflate') {
    const isZlib = ((body[0] ?? 0) & 0x0f) === 8 && (((body[0] ?? 0) << 8) | (body[1] ?? 0)) % 31 === 0
    return inflate(body, isZlib ? createInflate() : createInflateRaw(), limit)
  }
  if ((named === 'snappy' || expectsSnappy) && !isJsonStart(body) && looksLikeSnappy(body)) {
    return decompressSnappy(body, limit)
  }
  if (['', 'identity', 'gzip', 'x-gzip', 'zstd', 'snappy', 'utf-8'].includes(named)) return body
  throw new AppError('unsupported-type', `The content encoding "${named}" is not supported; gzip and zstd are.`)
}

function isJsonStart(body: Uint8Array): boolean {
  const first = body.find((byte) => byte > 0x20)
  return first === 0x7b || first === 0x5b
}

async function inflate(body: Uint8Array, stream: ReturnType<typeof createGunzip>, limit: Bytes): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let length = 0
  stream.end(body)
  try {
    for await (const part of stream as AsyncIterable<Buffer>) {
      length += part.length
      if (length > limit) throw tooLarge(limit)
      parts.push(part)
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid', 'The compressed body is broken or cut.')
  } finally {
    stream.destroy()
  }
  return Buffer.concat(parts)
}

function unzstd(body: Uint8Array, limit: Bytes): Uint8Array {
  if (zstdWindow(body) > ZSTD_WINDOW_LIMIT) throw tooLarge(limit)
  const parts: Uint8Array[] = []
  let length = 0
  let isFinal = false
  const stream = new Decompress((part, final) => {
    length += part.length
    if (length > limit) throw tooLarge(limit)
    parts.push(part)
    isFinal ||= final === true
  })
  try {
    // In pieces, so that the limit is noticed before everything is expanded.
    const step = 64 * 1024
    for (let from = 0; from < body.length; from += step) {
      stream.push(body.subarray(from, from + step), from + step >= body.length)
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid', 'The compressed body is broken or cut.')
  }
  if (!isFinal) throw new AppError('invalid', 'The compressed body is cut.')
  return Buffer.concat(parts)
}

/** Bytes of window a zstd frame asks for. RFC 8878, 3.1.1.1. */
function zstdWindow(body: Uint8Array): Bytes {
  const descriptor = body[4] ?? 0
  const isSingleSegment = (descriptor & 0x20) !== 0
  if (!isSingleSegment) {
    const window = body[5] ?? 0
    const base = 2 ** (10 + (window >>> 3))
    return base + (base / 8) * (window & 7)
  }
  const dictionaryWidth = [0, 1, 2, 4][descriptor & 3] ?? 0
  const width = [1, 2, 4, 8][descriptor >>> 6] ?? 1
  let size = 0
  for (let index = width - 1; index >= 0; index -= 1) size = size * 256 + (body[5 + dictionaryWidth + index] ?? 0)
  return width === 2 ? size + 256 : size
}

function tooLarge(limit: Bytes): AppError {
  return new AppError(
    'too-large',
    `The body is larger than ${limit} bytes, as sent or as expanded. Send smaller batches.`,
  )
}
