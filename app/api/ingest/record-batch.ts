import type { ReadableStream as NodeReadableStream } from 'node:stream/web'

/** Enough of a body to see its first record. */
const HEAD_BYTES = 4_096
// [{"SOURCE":"s","MESSAGE":"…"
const RECORDS = /^\s*\[\s*\{.*?"(?:MESSAGE|message|msg|log)"\s*:/s

/**
 * Tells a batch of log records (an array of objects with a message, as syslog-ng, Fluent Bit and scripts send) from a
 * file that happens to be JSON. Gives the request back whole.
 */
export async function findRecordBatch(request: Request): Promise<{ request: Request; isRecordBatch: boolean }> {
  const isJson = /^application\/json\b/i.test(request.headers.get('content-type') ?? '')
  const isPlain = (request.headers.get('content-encoding') ?? 'identity') === 'identity'
  // What a person drops on the page is a file, whatever is in it.
  const isProgram = request.headers.has('authorization')
  if (!isProgram || !isJson || !isPlain || !request.body) return { request, isRecordBatch: false }
  const reader = request.body.getReader()
  const held: Uint8Array[] = []
  let length = 0
  while (length < HEAD_BYTES) {
    const { value } = await reader.read()
    if (!value) break
    held.push(value)
    length += value.length
  }
  const head = Buffer.concat(held).toString('utf8', 0, HEAD_BYTES)
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = held.shift() ?? (await reader.read()).value
      if (next) controller.enqueue(next)
      else controller.close()
    },
    cancel: (reason) => reader.cancel(reason),
  })
  // `duplex` is asked for by Node for a body that is a stream; the DOM's types do not know it.
  const init: RequestInit & { duplex: 'half' } = {
    method: request.method,
    headers: request.headers,
    body: body as unknown as BodyInit & NodeReadableStream,
    signal: request.signal,
    duplex: 'half',
  }
  return { request: new Request(request.url, init), isRecordBatch: RECORDS.test(head) }
}
