import type { Duplex } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Decompress } from 'fzstd'
import * as xzModule from 'xz-decompress'
import type { Budget } from '@/lib/archives/budget'
import { unpackBzip2 } from '@/lib/archives/bzip2'
import type { Compression } from '@/lib/archives/detect'
import { AppError } from '@/lib/errors'

// A CommonJS module: Node's own loader puts its exports under `default`, bundlers do not; its types know the latter only.
const { XzReadableStream } = (xzModule as { default?: typeof xzModule }).default ?? xzModule

// One slice of hostile input may expand to this many times the largest block before the count can stop it.
const SLICE_BYTES = 4096
const QUEUE_CHUNKS = 64
const LARGEST_WINDOW_BYTES = 128 * 1024 ** 2

/**
 * Unpacks a stream, counting its output.
 *
 * @param onCut called when the packed data ends early or is damaged; what came before that was given out
 * @throws AppError 'too-large' when the output passes the budget or its ratio is a bomb's
 */
export async function* decompress(
  kind: Compression,
  source: AsyncIterable<Uint8Array>,
  budget: Budget,
  onCut: () => void,
): AsyncGenerator<Uint8Array> {
  let input = 0
  let output = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      input += piece.length
      yield piece
    }
  }
  function check(length: number): void {
    output += length
    budget.checkRatio(kind, input, output)
    budget.spend(length)
  }
  try {
    yield* UNPACKERS[kind](counted(), check)
  } catch (error) {
    if (error instanceof AppError) throw error
    onCut()
  }
}

type Unpacker = (source: AsyncGenerator<Uint8Array>, check: (length: number) => void) => AsyncGenerator<Uint8Array>

const UNPACKERS: Record<Compression, Unpacker> = {
  gz: (source, check) => throughNode(source, createGunzip(), check),
  bz2: unpackBzip2,
  xz: throughXz,
  zst: throughZstd,
}

/** Runs bytes through a Node stream and gives out every piece that came before an error. */
async function* throughNode(
  source: AsyncIterable<Uint8Array>,
  transform: Duplex,
  check: (length: number) => void,
): AsyncGenerator<Uint8Array> {
  const queue: Uint8Array[] = []
  let end: { failure: unknown } | null = null
  let wakeReader = () => {}
  let wakeWriter = () => {}
  const stop = (failure: unknown) => {
    end ??= { failure }
    wakeReader()
    wakeWriter()
  }
  transform.on('data', (piece: Uint8Array) => {
    if (end) return
    queue.push(piece)
    if (queue.length >= QUEUE_CHUNKS) transform.pause()
    try {
      check(piece.length)
    } catch (failure) {
      stop(failure)
    }
    wakeReader()
  })
  transform.on('drain', () => wakeWriter())
  transform.on('end', () => stop(null))
  transform.on('error', stop)

  async function feed(): Promise<void> {
    for await (const piece of source) {
      if (end) return
      const drained = new Promise<void>((resolve) => {
        wakeWriter = resolve
      })
      if (!transform.write(piece) && !end) await drained
    }
    if (!end) transform.end()
  }
  const feeding = feed().catch(stop)
  try {
    while (true) {
      const piece = queue.shift()
      if (piece) {
        yield piece
        continue
      }
      if (end) break
      const changed = new Promise<void>((resolve) => {
        wakeReader = resolve
      })
      transform.resume()
      await changed
    }
  } finally {
    stop(null)
    transform.destroy()
    await feeding
  }
  const { failure } = end as { failure: unknown }
  if (failure !== null) throw failure
}

async function* sliced(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of source)
    for (let start = 0; start < piece.length; start += SLICE_BYTES) yield piece.subarray(start, start + SLICE_BYTES)
}

async function* throughXz(
  source: AsyncGenerator<Uint8Array>,
  check: (length: number) => void,
): AsyncGenerator<Uint8Array> {
  const packed = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await source.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await source.return(undefined)
    },
  })
  const reader = new XzReadableStream(packed).getReader()
  try {
    for (let { value, done } = await reader.read(); !done && value; { value, done } = await reader.read()) {
      check(value.length)
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

async function* throughZstd(
  source: AsyncGenerator<Uint8Array>,
  check: (length: number) => void,
): AsyncGenerator<Uint8Array> {
  const queue: Uint8Array[] = []
  const decoder = new Decompress((piece) => {
    check(piece.length)
    // The decoder writes its window again; what is given out must not change.
    if (piece.length > 0) queue.push(piece.slice())
  })
  let isFirst = true
  for await (const piece of sliced(source)) {
    if (isFirst) refuseLargeWindow(piece)
    isFirst = false
    try {
      decoder.push(piece)
    } catch (error) {
      yield* queue.splice(0)
      throw error
    }
    yield* queue.splice(0)
  }
  decoder.push(new Uint8Array(0), true)
  yield* queue.splice(0)
}

/** A frame says how much memory its decoder must set aside. RFC 8878, 3.1.1.1. */
function refuseLargeWindow(head: Uint8Array): void {
  const [descriptor = 0, window = 0] = head.subarray(4, 6)
  const isSingleSegment = (descriptor & 0x20) !== 0
  const exponent = window >> 3
  const size = 2 ** (10 + exponent) * (1 + (window & 7) / 8)
  if (!isSingleSegment && size > LARGEST_WINDOW_BYTES)
    throw new AppError(
      'too-large',
      'This zstd file needs a window of more than 128 MiB to unpack. Pack it without --long or --ultra.',
    )
}
