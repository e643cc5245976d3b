import { chunksOf } from '@/lib/http/body'
import type { Sent } from '@/lib/http/sent'

/** Enough of a body to see its first record. */
const HEAD_BYTES = 4_096
// [{"SOURCE":"s","MESSAGE":"…"
const RECORDS = /^\s*\[\s*\{.*?"(?:MESSAGE|message|msg|log)"\s*:/s

/**
 * Tells a batch of log records (an array of objects with a message, as syslog-ng, Fluent Bit and scripts send) from a
 * file that happens to be JSON. Gives the request back whole.
 */
export async function findRecordBatch(request: Sent): Promise<{ request: Sent; isRecordBatch: boolean }> {
  const isJson = /^application\/json\b/i.test(request.headers.get('content-type') ?? '')
  const isPlain = (request.headers.get('content-encoding') ?? 'identity') === 'identity'
  // What a person drops on the page is a file, whatever is in it.
  const isProgram = request.headers.has('authorization')
  if (!isProgram || !isJson || !isPlain || !request.body) return { request, isRecordBatch: false }
  const chunks = chunksOf(request)[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let length = 0
  while (length < HEAD_BYTES) {
    const { value, done } = await chunks.next()
    if (done) break
    held.push(value)
    length += value.length
  }
  const head = Buffer.concat(held).toString('utf8', 0, HEAD_BYTES)
  const { method, url, headers, signal } = request
  return {
    request: { method, url, headers, signal, body: wholeOf(held, chunks) },
    isRecordBatch: RECORDS.test(head),
  }
}

async function* wholeOf(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}
