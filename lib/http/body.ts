import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError } from '@/lib/errors'
import { parseJson } from '@/lib/http/json'
import type { Sent } from '@/lib/http/sent'
import type { Bytes } from '@/lib/units'

/** From this size on a body that expands more than `BOMB_RATIO` times is refused; honest logs reached 170. */
const BOMB_FROM: Bytes = 64 * 1024 ** 2
const BOMB_RATIO = 600

type WithBody = Pick<Sent, 'headers' | 'body'>

export interface BodyLimits {
  /** Largest body as sent. */
  wire: Bytes
  /** Largest body after its content encoding is undone. */
  expanded: Bytes
}

/**
 * The bytes of a request body, gzip content encoding undone, as they arrive. The body is never held whole.
 *
 * @throws AppError while being read: 'invalid' when it ends before its Content-Length or is not gzip as it says,
 *   'too-large' beyond a limit, 'unsupported-type' for another encoding
 */
export async function* bodyBytes(request: WithBody, limits: BodyLimits): AsyncGenerator<Uint8Array> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase()
  const length = declaredLength(request.headers)
  if (length !== null && length > limits.wire) throw tooLarge(limits.wire)
  const sent = countWire(request, length, limits.wire)
  if (encoding === 'identity') {
    yield* sent
  } else if (encoding === 'gzip' || encoding === 'x-gzip') {
    yield* gunzip(sent, limits.expanded)
  } else {
    throw new AppError('unsupported-type', `The content encoding "${encoding.slice(0, 40)}" is not supported; gzip is.`)
  }
}

/** A body that fits into memory, as text. @throws AppError as `bodyBytes`, and 'invalid' when it is not UTF-8 */
export async function bodyText(request: WithBody, limit: Bytes): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of bodyBytes(request, { wire: limit, expanded: limit })) {
    size += part.length
    if (size > limit) throw tooLarge(limit)
    parts.push(part)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))
  } catch {
    throw new AppError('invalid', 'The body is not UTF-8 text.')
  }
}

/** A JSON body. @throws AppError as `bodyText` and `parseJson`, 'unsupported-type' when it does not say that it is JSON */
export async function bodyJson(request: WithBody, limit: Bytes = 1024 ** 2): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) {
    throw new AppError('unsupported-type', 'Send JSON, with "Content-Type: application/json".')
  }
  return parseJson(await bodyText(request, limit))
}

/** The body as it was sent. Whoever stops early leaves the rest to the server, which takes it in after the answer. */
export function chunksOf({ body }: Pick<Sent, 'body'>): AsyncIterable<Uint8Array> {
  // Cancelled, the rest would stand in the connection for ever.
  if (body instanceof ReadableStream) return body.values({ preventCancel: true })
  return body ?? nothing()
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* countWire(request: WithBody, length: Bytes | null, limit: Bytes): AsyncGenerator<Uint8Array> {
  let wire = 0
  try {
    for await (const chunk of chunksOf(request)) {
      wire += chunk.length
      if (wire > limit) throw tooLarge(limit)
      yield chunk
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid', `The body ended after ${wire} bytes, before it was complete. Nothing was kept.`)
  }
  if (length !== null && wire < length) {
    throw new AppError(
      'invalid',
      `The body has ${wire} bytes, its Content-Length says ${length}. Nothing was kept; send it again.`,
    )
  }
}

async function* gunzip(sent: AsyncGenerator<Uint8Array>, limit: Bytes): AsyncGenerator<Uint8Array> {
  const source = Readable.from(sent, { objectMode: false })
  const unzip = createGunzip({ chunkSize: 256 * 1024 })
  source.on('error', (error) => unzip.destroy(error))
  let expanded = 0
  try {
    for await (const chunk of source.pipe(unzip)) {
      expanded += chunk.length
      if (expanded > limit) throw tooLarge(limit)
      // What the decoder has taken in, not what has arrived: a small bomb arrives whole before it unfolds.
      if (expanded > BOMB_FROM && expanded > unzip.bytesWritten * BOMB_RATIO) {
        throw new AppError('too-large', `The body expands more than ${BOMB_RATIO} times. Nothing was kept.`)
      }
      yield chunk
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid', 'The body is not valid gzip, as its Content-Encoding says. Nothing was kept.')
  } finally {
    source.destroy()
    unzip.destroy()
  }
}

function declaredLength(headers: Headers): Bytes | null {
  const text = headers.get('content-length')
  return text !== null && /^\d+$/.test(text) ? Number(text) : null
}

function tooLarge(limit: Bytes): AppError {
  return new AppError('too-large', `The body is larger than ${limit} bytes. Nothing was kept.`)
}
