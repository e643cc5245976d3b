import { spawn } from 'node:child_process'
import { asAccount } from './account.mjs'
import { say } from './terminal.mjs'

const BACKOFF_MS = [200, 500, 1_000, 2_000, 5_000, 10_000]
/** A child that ran this long was healthy: its next failure begins the waits anew. */
const HEALTHY_AFTER_MS = 60_000
/** A child that says nothing for this long hangs; it says something every few seconds. */
const SILENT_LIMIT_MS = 90_000
const STOP_WITHIN_MS = 15_000

/**
 * Keeps one Node program running: started again after it dies or hangs, with growing waits. The program learns of our
 * death through its closed IPC channel.
 *
 * @param options.file the program
 * @param options.onMessage what it tells us
 */
export function supervise({ name, node, file, cwd, env, account, onMessage = () => {} }) {
  let child = null
  let isStopping = false
  let failures = 0
  let timer = null
  let heardAt = 0

  function start() {
    const startedAt = Date.now()
    heardAt = startedAt
    child = spawn(node, ['--enable-source-maps', file], {
      cwd,
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      ...asAccount(account),
    })
    child.on('message', (message) => {
      heardAt = Date.now()
      onMessage(message)
    })
    child.on('error', (error) => say(`${name} could not be started: ${error.message}`))
    child.once('exit', (code, signal) => {
      child = null
      if (isStopping) return
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) failures = 0
      const wait = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)]
      failures += 1
      onMessage({ exit: code })
      if (isStopping) return
      say(`${name} ended (${signal ?? `code ${code}`}); it starts again in ${wait / 1000} s.`)
      timer = setTimeout(start, wait)
    })
  }

  const watch = setInterval(() => {
    if (!child || Date.now() - heardAt < SILENT_LIMIT_MS) return
    say(`${name} does not answer; it is ended and started again.`)
    child.kill('SIGKILL')
  }, 5_000)
  watch.unref()

  start()
  return {
    /** Asks it to stop in order, and insists after a while. */
    async stop() {
      isStopping = true
      clearTimeout(timer)
      clearInterval(watch)
      if (!child) return
      const current = child
      const gone = new Promise((resolve) => current.once('exit', resolve))
      current.kill('SIGTERM')
      const force = setTimeout(() => current.kill('SIGKILL'), STOP_WITHIN_MS)
      await gone
      clearTimeout(force)
    },
    restart() {
      failures = 0
      child?.kill('SIGTERM')
    },
  }
}
