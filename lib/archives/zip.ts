import { Unzip, UnzipInflate } from 'fflate'
import type { Budget } from '@/lib/archives/budget'
import { AppError } from '@/lib/errors'

// Deflate expands 1,032 times at most, so one slice gives 16 MiB before the count can stop it.
const SLICE_BYTES = 16 * 1024

// Stored and deflated. APPNOTE.TXT, 4.4.5
const READABLE_METHODS = new Set([0, 8])

type ZipEvent = { name: string } | { piece: Uint8Array } | { end: true } | { failure: string }

/**
 * Reads a zip as it streams in, entry after entry by the local headers, so that one cut short still gives what it has.
 *
 * @param onProblem called with the name of an entry that could not be unpacked (encrypted, another method) and why
 * @param onCut called when the zip ends early or is damaged
 */
export async function* readZip(
  source: AsyncIterable<Uint8Array>,
  budget: Budget,
  onProblem: (name: string, reason: string) => void,
  onCut: (reason: string) => void,
): AsyncGenerator<{ name: string; content: AsyncGenerator<Uint8Array> }> {
  const events = unzipEvents(source, budget, onProblem)
  let pending: ZipEvent | null = null
  async function nextEvent(): Promise<ZipEvent | null> {
    if (pending) {
      const event = pending
      pending = null
      return event
    }
    const { value, done } = await events.next()
    return done ? null : value
  }
  try {
    for (let event = await nextEvent(); event; event = await nextEvent()) {
      if ('failure' in event) onCut(event.failure)
      if (!('name' in event)) continue
      let isOpen = true
      async function* content(): AsyncGenerator<Uint8Array> {
        while (isOpen) {
          const part = await nextEvent()
          if (part && 'piece' in part) yield part.piece
          else {
            isOpen = false
            // The zip ended, failed or went on to another entry before this one was complete.
            if (part && !('end' in part)) pending = part
          }
        }
      }
      yield { name: event.name, content: content() }
      for await (const _ of content());
    }
  } finally {
    await events.return(undefined)
  }
}

async function* unzipEvents(
  source: AsyncIterable<Uint8Array>,
  budget: Budget,
  onProblem: (name: string, reason: string) => void,
): AsyncGenerator<ZipEvent> {
  let queue: ZipEvent[] = []
  let input = 0
  let isInside: string | null = null
  let refusal: unknown = null
  const unzip = new Unzip((file) => {
    if (file.name.endsWith('/')) return
    if (!READABLE_METHODS.has(file.compression)) {
      onProblem(file.name, `method ${file.compression}; plain zip uses deflate`)
      return
    }
    let output = 0
    isInside = file.name
    queue.push({ name: file.name })
    file.ondata = (error, piece, isFinal) => {
      if (error) {
        onProblem(file.name, 'damaged, or encrypted')
        isInside = null
        queue.push({ end: true })
        return
      }
      if (refusal) return
      output += piece.length
      try {
        budget.checkRatio('zip', input, output)
        budget.spend(piece.length)
      } catch (failure) {
        // fflate would hand it to this same function as a damaged entry.
        refusal = failure
        return
      }
      if (piece.length > 0) queue.push({ piece: piece.slice() })
      if (isFinal) {
        isInside = null
        queue.push({ end: true })
      }
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  try {
    for await (const piece of source)
      for (let start = 0; start < piece.length; start += SLICE_BYTES) {
        const slice = piece.subarray(start, start + SLICE_BYTES)
        input += slice.length
        unzip.push(slice)
        if (refusal) throw refusal
        const ready = queue
        queue = []
        yield* ready
      }
    unzip.push(new Uint8Array(0), true)
    if (refusal) throw refusal
  } catch (error) {
    if (error instanceof AppError) throw error
    yield* queue
    yield { failure: error instanceof Error ? error.message : String(error) }
    return
  }
  yield* queue
  if (isInside !== null) yield { failure: `ends inside ${isInside}` }
}
