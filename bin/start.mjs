#!/usr/bin/env node
// `npm start` and `npm run dev`: from a fresh clone to a running oomscope. Plain Node, so that it runs before anything
// is installed.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { asAccount, chooseAccount } from './launcher/account.mjs'
import { buildServer, bundlePrograms, generateClient, programFile } from './launcher/build.mjs'
import { makeDataFolder, secretFile, writeInstance } from './launcher/data-folder.mjs'
import { installPackages, requireNode } from './launcher/install.mjs'
import { lockDataFolder } from './launcher/instance-lock.mjs'
import { requireFreePort } from './launcher/port.mjs'
import { embeddedPostgres, hasOrphan, linkLibraries, postgresFolder } from './launcher/postgres.mjs'
import { assembleRuntime } from './launcher/runtime.mjs'
import { supervise } from './launcher/supervisor.mjs'
import { fail, StartError, say } from './launcher/terminal.mjs'

const ROOT = join(import.meta.dirname, '..')
/** The web process of a killed launcher drains for up to ten seconds before it lets go of the port. */
const ORPHAN_PATIENCE_MS = 15_000

const isDev = process.argv.includes('--dev')
const isCheckOnly = process.argv.includes('--build')
const host = process.env.HOST || '127.0.0.1'
const port = Number(process.env.PORT || 3000)

/** What was started, in the order in which it is stopped. */
const running = { programs: [], postgres: null }
let isStopping = false

process.on('SIGINT', () => stop(0))
process.on('SIGTERM', () => stop(0))
process.on('SIGHUP', () => stop(0))
start().catch(async (error) => {
  await stop(null)
  fail(error)
})

async function start() {
  requireNode()
  if (isCheckOnly) {
    installPackages(ROOT)
    await generateClient(ROOT)
    await buildServer(ROOT)
    return
  }
  const account = chooseAccount()
  const data = makeDataFolder({ root: ROOT, account })
  await lockDataFolder(data)
  await requireFreePort({ host, port, patienceMs: hasOrphan(data) ? ORPHAN_PATIENCE_MS : 0 })
  installPackages(ROOT)
  await generateClient(ROOT)
  const runtime = isDev ? await developmentRuntime() : await builtRuntime(account)
  const env = {
    ...process.env,
    NODE_ENV: isDev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    HOST: host,
    PORT: String(port),
    OOMSCOPE_DATA: data,
    OOMSCOPE_SECRET_FILE: secretFile({ data, account }),
    ...(account.isOther ? { HOME: data, USER: account.name } : {}),
  }
  if (!env.DATABASE_URL) env.DATABASE_URL = await startPostgres({ runtime, data, account })
  writeInstance({ data, account, env })
  const { setUpKey } = await prepare({ runtime, env, account })
  const address = await startPrograms({ runtime, env, account })
  greet(address, setUpKey)
}

async function builtRuntime(account) {
  const stamp = await buildServer(ROOT)
  return assembleRuntime({ root: ROOT, stamp, account })
}

/** In development everything runs from the project; only the database needs an account without rights. */
async function developmentRuntime() {
  await bundlePrograms(ROOT)
  return { folder: ROOT, node: process.execPath, postgres: () => postgresFolder(ROOT) }
}

async function startPostgres({ runtime, data, account }) {
  linkLibraries(postgresFolder(ROOT))
  const postgres = embeddedPostgres({ programs: runtime.postgres(), data, account })
  running.postgres = postgres
  await postgres.prepare()
  watchPostgres(await postgres.launch(), postgres)
  return postgres.url
}

/** Starts the database again when it ends by itself; web and worker answer "unavailable" meanwhile and go on. */
function watchPostgres(child, postgres, failures = 0) {
  const startedAt = Date.now()
  child.once('exit', async (code, signal) => {
    if (isStopping) return
    const soFar = Date.now() - startedAt > 60_000 ? 0 : failures
    say(`PostgreSQL ended (${signal ?? `code ${code}`}); it starts again.`)
    await new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** soFar, 10_000)))
    if (isStopping) return
    try {
      watchPostgres(await postgres.launch(), postgres, soFar + 1)
    } catch (error) {
      if (isStopping) return
      say(error.message)
      watchPostgres(failedChild(), postgres, soFar + 1)
    }
  })
}

/** A stand-in for a server that did not start, so that one loop serves both kinds of failure. */
function failedChild() {
  return { once: (_event, listener) => setImmediate(() => listener('none', null)) }
}

/** Migrates, and asks for the first-start link. Runs as the account, like everything that opens the database. */
function prepare({ runtime, env, account }) {
  return new Promise((resolve, reject) => {
    const file = isDev ? programFile(ROOT, 'prepare') : join(runtime.folder, 'prepare.mjs')
    const migrations = isDev ? join(ROOT, 'prisma/migrations') : join(runtime.folder, 'migrations')
    const child = spawn(runtime.node, [file, migrations], {
      cwd: isDev && account.isOther ? '/' : runtime.folder,
      env,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      ...(isDev ? {} : asAccount(account)),
    })
    let words = ''
    child.stderr.setEncoding('utf8')
    child.stderr.on('data', (text) => {
      words += text
    })
    let answer = null
    child.on('message', (message) => {
      answer = message
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0 && answer) resolve(answer)
      else reject(new StartError(words.trim() || `Preparing the database ended with code ${code}.`))
    })
  })
}

/** Starts web and worker. @returns the address web listens on */
async function startPrograms({ runtime, env, account }) {
  const common = {
    node: runtime.node,
    cwd: runtime.folder,
    env,
    account: isDev ? { ...account, isOther: false } : account,
  }
  const program = (name) => (isDev ? programFile(ROOT, name) : join(runtime.folder, `${name}.mjs`))
  const address = new Promise((resolve, reject) => {
    let isReady = false
    const web = supervise({
      ...common,
      name: 'web',
      file: program('web'),
      onMessage(message) {
        if (message.url) {
          isReady = true
          resolve(message.url)
        }
        if ('exit' in message && !isReady) {
          reject(new StartError('The web server could not start; the reason is above.'))
        }
      },
    })
    running.programs.push(web)
  })
  const worker = supervise({ ...common, name: 'worker', file: program('worker') })
  running.programs.push(worker)
  if (isDev) await rebuildOnChange(worker)
  return address
}

/** Next reloads pages and handlers itself; the worker is bundled and started again. */
async function rebuildOnChange(worker) {
  const { context } = await import('esbuild')
  const { bundleOptions } = await import('./launcher/build.mjs')
  let isFirst = true
  const onBuilt = {
    name: 'restart-worker',
    setup(build) {
      build.onEnd((result) => {
        if (!isFirst && result.errors.length === 0) worker.restart()
        isFirst = false
      })
    },
  }
  const watcher = await context({ ...bundleOptions(ROOT), plugins: [onBuilt] })
  await watcher.watch()
  running.programs.push({ stop: () => watcher.dispose() })
}

function greet(address, setUpKey) {
  say(`\noomscope is ready at ${address}`)
  if (setUpKey) {
    const base = (process.env.PUBLIC_URL || address).replace(/\/+$/, '')
    say(
      `\nThis is its first start. Open this link to make the administrator; it works once:\n${base}/set-up?key=${setUpKey}`,
    )
  }
  say('\nCtrl-C stops it.')
}

/** Stops in order: web drains, the worker gives its work back, then the database. @param code null: the caller ends the process */
async function stop(code) {
  if (isStopping) return
  isStopping = true
  await Promise.all(running.programs.map((program) => program.stop()))
  await running.postgres?.stop()
  if (code !== null) process.exit(code)
}
