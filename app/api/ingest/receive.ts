import { sentToken, splitPath } from '@/app/api/ingest/sender-token'
import { requireAgent } from '@/lib/auth/agent'
import { isUnavailable } from '@/lib/db/trouble'
import { AppError } from '@/lib/errors'
import { chunksOf } from '@/lib/http/body'
import { CLIENT_ADDRESS_HEADER } from '@/lib/http/headers'
import { countAnswer, countRefusedParts } from '@/lib/http/ingest-tally'
import { log } from '@/lib/http/log'
import { problemOf } from '@/lib/http/problem'
import type { Sent } from '@/lib/http/sent'
import { BODY_LIMIT, decodeBody, readBody } from '@/lib/ingest/protocols/body'
import {
  type Answer,
  type Decoded,
  nothingDecoded,
  type Protocol,
  type StreamedProtocol,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { findProtocol, isStreamed } from '@/lib/ingest/protocols/registry'
import { storeDecoded, type WireOrigin } from '@/lib/ingest/wire'

const RETRY_AFTER_SECONDS = 5

/**
 * Takes one request of a foreign sender: authenticates, understands, stores, and answers as its protocol wants it.
 * 2xx only once everything is durable; 4xx for what can never succeed; 503 with Retry-After for what may.
 */
export async function receive(request: Sent, name: string, segments: readonly string[]): Promise<Response> {
  const protocol = findProtocol(name)
  const { token, path } = splitPath(segments)
  const url = new URL(request.url)
  const wire: WireRequest = {
    method: request.method,
    path,
    query: url.searchParams,
    headers: request.headers,
    body: new Uint8Array(),
    receivedAt: Date.now(),
  }
  if (!protocol) return problemOf(new AppError('not-found', `There is no protocol "${name}"; see docs/protocols.md.`))
  const greeting = protocol.greet?.(wire) ?? null
  if (greeting) return respond(greeting)
  const response = await take(request, protocol, wire, token)
  countAnswer(protocol.name, response.status)
  return response
}

async function take(
  request: Sent,
  protocol: Protocol | StreamedProtocol,
  wire: WireRequest,
  token: string | null,
): Promise<Response> {
  try {
    if (request.method !== 'POST' && request.method !== 'PUT') return notAllowed()
    const origin = await authenticate(request, sentToken(request.headers, wire.query, token), wire.receivedAt)
    return respond(
      isStreamed(protocol)
        ? await receiveStream(request, protocol, wire, origin)
        : await receiveWhole(request, protocol, wire, origin),
    )
  } catch (error) {
    return answerFailure(error, protocol, wire)
  }
}

async function authenticate(request: Sent, token: string | null, receivedAt: number): Promise<WireOrigin> {
  // Our own way of carrying a token, whichever the sender's was; without one a signed-in person may try it out.
  const own = `Bearer ${token}`
  const isOwn = token === null || request.headers.get('authorization') === own
  const headers = isOwn ? request.headers : new Headers({ authorization: own })
  const agent = await requireAgent({ method: request.method, headers }, 'ingest')
  return {
    senderId: agent.id,
    senderName: agent.name,
    boundHost: agent.host,
    address: request.headers.get(CLIENT_ADDRESS_HEADER),
    receivedAt,
  }
}

async function receiveWhole(request: Sent, protocol: Protocol, wire: WireRequest, origin: WireOrigin): Promise<Answer> {
  const sent = await readBody(chunksOf(request))
  const length = request.headers.get('content-length')
  if (length !== null && Number(length) !== sent.length) {
    throw new AppError('invalid', `The body has ${sent.length} bytes, its Content-Length says ${length}.`)
  }
  const encoding = request.headers.get('content-encoding')
  // Known to `refuse` too: an answer may depend on what the body looks like.
  wire.body = sent
  wire.body = await decodeBody(sent, encoding, { expectsSnappy: protocol.expectsSnappy })
  const decoded = decode(protocol, wire)
  await store(decoded, protocol, origin, sent)
  return protocol.accept(wire, decoded)
}

/** A decoder that trips over hostile bytes is a fault of ours, but sending them again would only trip it again. */
function decode(protocol: Protocol, wire: WireRequest): Decoded {
  try {
    return protocol.decode(wire)
  } catch (error) {
    if (error instanceof AppError) throw error
    log.error({ error, protocol: protocol.name }, 'a body could not be decoded')
    throw new AppError('invalid', 'The body could not be understood.')
  }
}

/** The request may stay open for days: what arrives is stored as it arrives, a chunk at a time. */
async function receiveStream(
  request: Sent,
  protocol: StreamedProtocol,
  wire: WireRequest,
  origin: WireOrigin,
): Promise<Answer> {
  const reader = protocol.createReader(wire)
  const encoding = request.headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') {
    const body = await decodeBody(await readBody(chunksOf(request), BODY_LIMIT), encoding)
    await store(reader.push(body), protocol, origin, body)
  } else {
    for await (const chunk of chunksOf(request)) {
      await store(reader.push(chunk), protocol, { ...origin, receivedAt: Date.now() }, chunk)
    }
  }
  await store(reader.end(), protocol, origin, new Uint8Array())
  return protocol.accept(wire, nothingDecoded())
}

async function store(
  decoded: Decoded,
  protocol: Protocol | StreamedProtocol,
  origin: WireOrigin,
  body: Uint8Array,
): Promise<void> {
  await storeDecoded(decoded, origin, {
    source: protocol.name,
    body,
    toleranceMs: protocol.snapshotToleranceMs,
  })
  if (decoded.refused.length > 0) {
    countRefusedParts(
      protocol.name,
      decoded.refused.reduce((sum, { count }) => sum + count, 0),
    )
    log.warn({ protocol: protocol.name, sender: origin.senderName, refused: decoded.refused }, 'parts were refused')
  }
}

function answerFailure(error: unknown, protocol: Protocol | StreamedProtocol, wire: WireRequest): Response {
  const problem = toProblem(error, protocol.name)
  const answer = protocol.refuse?.(wire, problem)
  const response = answer ? respond(answer) : problemOf(problem)
  if (problem.retryAfterSeconds !== null) response.headers.set('retry-after', String(problem.retryAfterSeconds))
  if (problem.code === 'unauthorized') response.headers.set('www-authenticate', 'Basic realm="oomscope"')
  return response
}

/**
 * What went wrong, as the sender must hear it: values the database can never take are the batch's fault, everything
 * else is ours and passes.
 */
function toProblem(error: unknown, protocol: string): AppError {
  if (error instanceof AppError) return error
  const isData = error instanceof Error && 'code' in error && /^2[23]\w{3}$/.test(String(error.code))
  if (isData) {
    log.error({ error, protocol }, 'a batch could not be stored')
    return new AppError('invalid', 'The batch has values that cannot be stored.')
  }
  if (!isUnavailable(error)) log.error({ error, protocol }, 'a batch failed')
  return new AppError('unavailable', 'Not available right now. Send this again in a moment.', [], RETRY_AFTER_SECONDS)
}

function respond({ status, contentType, body, headers }: Answer): Response {
  const all = new Headers(headers)
  all.set('cache-control', 'no-store')
  if (contentType !== null) all.set('content-type', contentType)
  return new Response(typeof body === 'string' || body === null ? body : new Uint8Array(body), { status, headers: all })
}

function notAllowed(): Response {
  return new Response(null, { status: 405, headers: { allow: 'POST, PUT' } })
}
