import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import next from 'next'
import { env } from '@/lib/env'
import { CLIENT_ADDRESS_HEADER, REQUESTED_PATH_HEADER } from '@/lib/http/headers'
import { closeStreams } from '@/lib/http/streams'
import { withoutSpareSlashes } from '@/server/addresses'
import { createNetdataListener } from '@/server/netdata-listener'
import { answerSender } from '@/server/senders'

const isDev = env.NODE_ENV === 'development'
const dir = process.cwd()

/** A connection over which nothing moves for this long is closed; slow uplinks keep moving. */
const IDLE_LIMIT_MS = 120_000
const HEADERS_LIMIT_MS = 30_000
/** How long a sender may go on with a body that was answered already. */
const LINGER_MS = 5_000
const DRAIN_LIMIT_MS = 10_000
/** Above these counts the server refuses before it does anything expensive. */
const REQUEST_LIMIT = 512
const WRITE_LIMIT = 64
const RETRY_AFTER_SECONDS = 5
/** Stays open, often silent, for as long as its sender runs (systemd-journal-upload); neither counted nor timed. */
const OPEN_ENDED = /^\/api\/ingest\/(?:journald|journal|systemd)\//

/** Of every answer. Pages have more (proxy.ts). */
const HEADERS = [
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'same-origin'],
] as const

/** Names a client may not set: Next's own signals, and what we tell the application about the request. */
const FOREIGN_HEADER = /^(x-middleware-|x-nextjs-|x-oomscope-|next-action$|x-forwarded-host$)/

// The traced build carries its configuration as data; its file need not exist where web runs.
if (!isDev) {
  const built = JSON.parse(readFileSync(join(dir, '.next/required-server-files.json'), 'utf8'))
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(built.config)
}

const app = next({ dev: isDev, dir, hostname: env.HOST, port: env.PORT })
let isDraining = false
let requests = 0
let writes = 0

await app.prepare()
const handle = app.getRequestHandler()
const options: ServerOptions = {
  // A request may take hours (a slow uplink, a sender that keeps it open); only silence ends it.
  requestTimeout: 0,
  headersTimeout: HEADERS_LIMIT_MS,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
}
const server = createServer(options, answer)
server.setTimeout(IDLE_LIMIT_MS)
const netdata = env.OOMSCOPE_NETDATA_PORT === undefined ? null : createNetdataListener(options, answer)
netdata?.setTimeout(IDLE_LIMIT_MS)
if (isDev) {
  const upgrade = app.getUpgradeHandler()
  server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head))
}

server.on('error', (error) => cannotListen(env.PORT, error))
netdata?.on('error', (error) => cannotListen(env.OOMSCOPE_NETDATA_PORT, error))
netdata?.listen({ host: env.HOST, port: env.OOMSCOPE_NETDATA_PORT })
server.listen({ host: env.HOST, port: env.PORT }, () => {
  // Listening on a TCP address, so the address is not a string.
  const { port } = server.address() as AddressInfo
  const name = env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST
  process.send?.({ url: `http://${name}:${port}` })
})

// The launcher takes silence for a hang.
setInterval(() => process.connected && process.send?.({ isAlive: true }), 10_000).unref()
process.once('SIGTERM', drain)
process.once('SIGINT', drain)
process.once('disconnect', drain)

function cannotListen(port: number | undefined, error: Error): void {
  console.error(`web cannot listen on ${env.HOST}:${port}: ${error.message}`)
  process.exit(1)
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const isOpenEnded = OPEN_ENDED.test(request.url ?? '')
  const isWrite = request.method !== 'GET' && request.method !== 'HEAD' && !isOpenEnded
  if (isDraining || requests >= REQUEST_LIMIT || (isWrite && writes >= WRITE_LIMIT)) {
    refuse(response)
    return
  }
  if (!isDecodable(request.url ?? '')) {
    // Next would answer with a 500.
    response.writeHead(400, { connection: 'close' }).end()
    return
  }
  request.url = withoutSpareSlashes(request.url ?? '/')
  if (isOpenEnded) request.socket.setTimeout(0)
  requests += isOpenEnded ? 0 : 1
  writes += isWrite ? 1 : 0
  response.once('close', () => {
    requests -= isOpenEnded ? 0 : 1
    writes -= isWrite ? 1 : 0
    if (isDraining && requests === 0) process.exit(0)
  })
  const { socket } = request
  response.once('finish', () => readToTheEnd(request, socket))
  ownHeaders(request)
  for (const [name, value] of HEADERS) response.setHeader(name, value)
  // In development Next evaluates changed handlers again.
  const answering = (isDev ? null : answerSender(request, response)) ?? handle(request, response)
  answering.catch((error: unknown) => {
    console.error('web could not answer', error)
    if (!response.headersSent) response.writeHead(500)
    response.end()
  })
}

/**
 * Takes in what is left of a body that was answered before it was whole (too large, not allowed). Unread, it would
 * stand before the next request of the connection, which then waits for ever; cut off, the sender might miss the answer.
 */
function readToTheEnd(request: IncomingMessage, socket: Socket): void {
  if (request.complete) return
  request.removeAllListeners('readable')
  request.removeAllListeners('data')
  const patience = setTimeout(() => socket.destroy(), LINGER_MS)
  request.once('close', () => clearTimeout(patience))
  request.resume()
}

function isDecodable(url: string): boolean {
  try {
    decodeURI(url)
    return true
  } catch {
    return false
  }
}

function ownHeaders(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers)) {
    if (FOREIGN_HEADER.test(name)) delete request.headers[name]
  }
  request.headers[CLIENT_ADDRESS_HEADER] = request.socket.remoteAddress ?? ''
  request.headers[REQUESTED_PATH_HEADER] = request.url ?? '/'
}

function refuse(response: ServerResponse): void {
  response.writeHead(503, {
    'content-type': 'application/problem+json',
    'retry-after': String(RETRY_AFTER_SECONDS),
    connection: 'close',
  })
  response.end(
    JSON.stringify({
      type: '/problems/unavailable',
      title: 'Not available right now',
      status: 503,
      detail: isDraining
        ? 'The server is stopping. Send this again in a moment.'
        : 'The server is busy. Send this again.',
    }),
  )
}

/** Lets requests in work end, refuses new ones, and ends the process. */
function drain(): void {
  if (isDraining) return
  isDraining = true
  netdata?.close()
  netdata?.closeIdleConnections()
  server.close(() => process.exit(0))
  server.closeIdleConnections()
  closeStreams()
  if (requests === 0) process.exit(0)
  setTimeout(() => process.exit(0), DRAIN_LIMIT_MS).unref()
}
