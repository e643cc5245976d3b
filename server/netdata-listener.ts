import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'

/** Where Netdata's JSON exporter posts, whatever it is told. */
const PATH = '/api/put'

/**
 * Netdata ends the header with its password in a bare line feed, and Node's parser refuses such a request before any
 * handler sees it. A lenient parser reads it, and would also read what a proxy in front reads in another way: so it has
 * a port of its own and lets this one request through.
 */
export function createNetdataListener(options: ServerOptions, answer: RequestListener): Server {
  return createServer({ ...options, insecureHTTPParser: true }, (request, response) => {
    if (request.method === 'POST' && request.url === PATH) answer(request, response)
    else response.writeHead(404, { connection: 'close' }).end()
  })
}
