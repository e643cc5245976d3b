import type { IncomingMessage, ServerResponse } from 'node:http'
import * as bulk from '@/app/%5Fbulk/route'
import * as health from '@/app/%5Fcat/health/route'
import * as ingest from '@/app/api/ingest/[protocol]/[[...path]]/route'
import * as put from '@/app/api/put/route'
import * as logs from '@/app/api/v1/logs/route'
import * as metrics from '@/app/api/v1/metrics/route'
import type { Sent } from '@/lib/http/sent'

/** The handlers of a route, by method. */
type Handlers<Context = unknown> = Readonly<
  Record<string, (request: Sent, context: Context) => Promise<Response> | Response>
>

/** Where programs send to, all day long. */
const FIXED: Readonly<Record<string, Handlers>> = {
  '/api/v1/logs': logs,
  '/api/v1/metrics': metrics,
  '/api/put': put,
  '/_bulk': bulk,
  '/_cat/health': health,
}
const INGEST = '/api/ingest/'
const byProtocol: Handlers<Parameters<typeof ingest.POST>[1]> = ingest

/**
 * Answers what a program sends with the handlers of `app/` directly: the way through Next costs more than most of these
 * requests themselves. See docs/decisions/0072.
 *
 * @returns null for every other request: a browser's, and methods these addresses do not have, which are Next's to answer
 */
export function answerSender(request: IncomingMessage, response: ServerResponse): Promise<void> | null {
  // Whoever is signed in is known to Next's side of the server alone.
  if (request.headers.cookie !== undefined) return null
  const [path = ''] = (request.url ?? '').split('?', 1)
  const method = request.method ?? ''
  const fixed = Object.hasOwn(FIXED, path) ? FIXED[path]?.[method] : undefined
  if (fixed) return reply(response, () => fixed(sentBy(request, response), undefined))
  if (!path.startsWith(INGEST)) return null
  const [protocol = '', ...segments] = path.slice(INGEST.length).split('/')
  const handle = byProtocol[method]
  if (!handle || protocol === '') return null
  const params = Promise.resolve({ protocol, path: segments })
  return reply(response, () => handle(sentBy(request, response), { params }))
}

function sentBy(request: IncomingMessage, response: ServerResponse): Sent {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  const method = request.method ?? 'GET'
  return {
    method,
    // What the sender calls us is in its Host header, and need not be a name an address can have.
    url: `http://localhost${request.url ?? '/'}`,
    headers: headersOf(request),
    signal: gone.signal,
    // Whoever stops reading leaves the rest to the server.
    body: method === 'GET' || method === 'HEAD' ? null : request.iterator({ destroyOnReturn: false }),
  }
}

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return headers
}

async function reply(response: ServerResponse, handle: () => Promise<Response> | Response): Promise<void> {
  const answer = await handle()
  response.statusCode = answer.status
  for (const [name, value] of answer.headers) response.setHeader(name, value)
  response.end(answer.body === null ? undefined : Buffer.from(await answer.arrayBuffer()))
}
