import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from './terminal.mjs'

/**
 * Makes sure that one launcher works on a data folder. The lock is a listening socket: the system takes it back when
 * the process ends in whatever way, so it can never be stale, and it can say who holds it.
 *
 * @param folder the data folder, its links resolved
 * @throws StartError when another launcher holds it
 */
export async function lockDataFolder(folder) {
  const name = `oomscope-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`
  // Linux has a name space for sockets without files; elsewhere a file may stay behind after a crash.
  const address = process.platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`)
  const holder = await askHolder(address)
  if (holder !== null) {
    throw new StartError(
      `Another oomscope (process ${holder}) works on the data folder ${folder}.\nStop it first, or give this one a folder of its own: OOMSCOPE_DATA=/path npm start`,
    )
  }
  if (process.platform !== 'linux') rmSync(address, { force: true })
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.end(String(process.pid))
  })
  await new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const isLate = 'code' in error && error.code === 'EADDRINUSE'
      reject(isLate ? new StartError(`Another oomscope is starting on the data folder ${folder}.`) : error)
    })
    server.listen(address, resolve)
  })
  server.unref()
}

/** The process id of the launcher that holds the lock; null when nobody does. */
function askHolder(address) {
  return new Promise((resolve) => {
    const socket = connect(address)
    let answer = ''
    socket.setEncoding('utf8')
    socket.setTimeout(2_000, () => socket.destroy())
    socket.on('data', (text) => {
      answer += text
    })
    socket.on('error', () => {})
    socket.on('close', (hadError) => resolve(hadError ? null : answer || 'unknown'))
  })
}
