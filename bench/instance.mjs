import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const START_TIMEOUT_MS = 600_000

/** An oomscope of its own on loopback, with a fresh database; built first if need be. */
export async function startInstance() {
  const folder = mkdtempSync(join(tmpdir(), 'oomscope-bench-'))
  // As root the server runs as another account, which must be able to pass.
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  const port = await freePort()
  const env = { ...process.env, HOST: '127.0.0.1', PORT: String(port), OOMSCOPE_DATA: data, LOG_LEVEL: 'warn' }
  delete env.DATABASE_URL
  const launcher = spawn(process.execPath, [join(ROOT, 'bin/start.mjs')], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  await waitForLine(launcher, 'is ready at')
  const command = ['token', 'create', '--scope', 'ingest', '--scope', 'read']
  const made = spawnSync(process.execPath, [join(ROOT, 'bin/oomscope.js'), ...command], { env, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`no token was made: ${made.stderr}`)
  const { databaseUrl } = JSON.parse(readFileSync(join(data, 'instance.json'), 'utf8'))
  return {
    url: `http://127.0.0.1:${port}`,
    token: made.stdout.trim(),
    databaseUrl,
    /** Bytes resident (a page that several share counted once) and processor time so far of web, worker and database. */
    usage: () => usageOf(data),
    async stop() {
      const ended = new Promise((resolve) => launcher.once('exit', resolve))
      launcher.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

function waitForLine(child, text) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('oomscope did not start in time')), START_TIMEOUT_MS)
    child.once('exit', (code) => reject(new Error(`oomscope ended with ${code} before it was ready`)))
    let seen = ''
    child.stdout.on('data', (chunk) => {
      seen = (seen + chunk).slice(-2_000)
      if (!seen.includes(text)) return
      clearTimeout(timer)
      resolve()
    })
  })
}

const TICK_MS = 10

function usageOf(data) {
  const usage = { web: none(), worker: none(), postgres: none() }
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const part = partOf(pid, data)
      if (part === null) continue
      const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
      // The name in the second field may have spaces; what follows its bracket does not.
      const [, fields] = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
      const [user, system] = (fields ?? '').split(' ').slice(11, 13)
      usage[part].bytes += Number(pss?.[1] ?? 0) * 1024
      usage[part].cpuMs += (Number(user) + Number(system)) * TICK_MS
    } catch {
      // Gone meanwhile.
    }
  }
  return usage
}

function none() {
  return { bytes: 0, cpuMs: 0 }
}

function partOf(pid, data) {
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  if (/postgres/.test(command)) return isOf(pid, data) ? 'postgres' : null
  const [, program] = /(web|worker)\.mjs/.exec(command) ?? []
  return program && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(data) ? program : null
}

/** The postmaster names its folder; its children have it as their parent. */
function isOf(pid, data) {
  const postmaster = readFileSync(join(data, postmasterFile(data)), 'utf8').split('\n')[0]
  const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return pid === postmaster || parent === postmaster
}

function postmasterFile(data) {
  const folder = readdirSync(data).find((name) => {
    try {
      return readdirSync(join(data, name)).includes('postmaster.pid')
    } catch {
      return false
    }
  })
  return join(folder ?? '', 'postmaster.pid')
}
