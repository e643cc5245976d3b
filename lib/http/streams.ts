// Kept on the global object: the server program and Next's bundles are separate copies of this module in one process.
const holder: typeof globalThis & { oomscopeStreams?: Set<() => void> } = globalThis
holder.oomscopeStreams ??= new Set()
const open = holder.oomscopeStreams

const BEAT_MS = 20_000

/**
 * A response of server-sent events that stays open until the client leaves or the server stops.
 *
 * @param begin called once with a function that sends one event (any JSON); returns what undoes it
 */
export function eventStream(request: Request, begin: (send: (event: unknown) => void) => () => void): Response {
  const encoder = new TextEncoder()
  let end = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text))
      // A comment now and then: shows both sides that the other is there, and keeps the idle limit away.
      const beat = setInterval(() => write(': \n\n'), BEAT_MS)
      const stop = begin((event) => write(`data: ${JSON.stringify(event)}\n\n`))
      end = () => {
        end = () => {}
        clearInterval(beat)
        stop()
        open.delete(close)
      }
      const close = () => {
        end()
        controller.close()
      }
      open.add(close)
      request.signal.addEventListener('abort', () => end())
      write(': \n\n')
    },
    cancel() {
      end()
    },
  })
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  })
}

/** Ends every open stream, so that the process can stop. */
export function closeStreams(): void {
  for (const close of [...open]) close()
}
