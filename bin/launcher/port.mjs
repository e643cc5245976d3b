import { createServer } from 'node:net'
import { StartError } from './terminal.mjs'

/**
 * Makes sure that web will be able to listen.
 *
 * @param patienceMs how long to wait for the web process of an earlier start to let go
 * @throws StartError when something else listens there, or the address is not ours
 */
export async function requireFreePort({ host, port, patienceMs }) {
  for (const deadline = Date.now() + patienceMs; ; ) {
    const code = await tryToListen(host, port)
    if (code === null) return
    if (code !== 'EADDRINUSE' || Date.now() > deadline) throw new StartError(explain(code, host, port))
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function tryToListen(host, port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(error.code ?? 'unknown'))
    server.listen({ host, port }, () => server.close(() => resolve(null)))
  })
}

function explain(code, host, port) {
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is taken by another program.\nStart oomscope on another one: PORT=${port + 1} npm start`
  }
  if (code === 'EACCES')
    return `This account may not listen on port ${port}. Choose one above 1023: PORT=3000 npm start`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is not an address of this machine. HOST=127.0.0.1 listens for this machine only, HOST=0.0.0.0 for all.`
  }
  return `oomscope cannot listen on ${host}:${port} (${code}).`
}
