import type { Duplex } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Decompress } from 'fzstd'
import unbzip2 from 'unbzip2-stream'
import { XzReadableStream } from 'xz-decompress'
import type { Budget } from '@/lib/archives/budget'
import type { Compression } from '@/lib/archives/detect'
import { AppError } from '@/lib/errors'

// One slice of hostile input may expand to this many times the largest block before the count can stop it.
const SLICE_BYTES = 4096
const QUEUE_CHUNKS = 64
const LARGEST_WINDOW_BYTES = 128 * 1024 ** 2

/**
 * Unpacks a stream, counting its output.
 *
 * @param onCut called with the reason when the packed data ends early or is damaged; what came before it was given out
 * @throws AppError 'too-large' when the output passes the budget or its ratio is a bomb's
 */
export async function* decompress(
  kind: Compression,
  source: AsyncIterable<Uint8Array>,
  budget: Budget,
  onCut: (reason: string) => void,
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
    onCut(error instanceof Error ? error.message : String(error))
  }
}

type Unpacker = (source: AsyncGenerator<Uint8Array>, check: (length: number) => void) => AsyncGenerator<Uint8Array>

const UNPACKERS: Record<Compression, Unpacker> = {
  gz: (source, check) => throughNode(source, createGunzip(), check),
  bz2: (source, check) => throughNode(sliced(source), unbzip2(), check),
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
  let state: 'open' | 'ended' | { failure: unknown } = 'open'
  let wake = () => {}
  const stop = (next: typeof state) => {
    if (state === 'open') state = next
    wake()
  }
  transform.on('data', (piece: Uint8Array) => {
    // Thrown here, inside the decoder, so that it stops in the middle of its block.
    try {
      check(piece.length)
    } catch (failure) {
      stop({ failure })
      throw failure
    }
    queue.push(piece)
    if (queue.length >= QUEUE_CHUNKS) transform.pause()
    wake()
  })
  transform.on('end', () => stop('ended'))
  transform.on('error', (failure: unknown) => stop({ failure }))
  const isOpen = () => state === 'open'
  const feeding = (async () => {
    for await (const piece of source) {
      if (!isOpen()) return
      if (!transform.write(piece))
        await new Promise<void>((resolve) =>
          transform
            .once('drain', resolve)
            .once('close', resolve)
            .once('error', () => resolve()),
        )
    }
    transform.end()
  })().catch((failure: unknown) => stop({ failure }))
  try {
    while (true) {
      const piece = queue.shift()
      if (piece) {
        yield piece
        continue
      }
      if (state !== 'open') break
      const changed = new Promise<void>((resolve) => {
        wake = resolve
      })
      transform.resume()
      await changed
    }
  } finally {
    stop('ended')
    transform.destroy?.()
    await feeding
  }
  if (typeof state === 'object') throw (state as { failure: unknown }).failure
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
