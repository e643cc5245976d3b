import { spawn } from 'node:child_process'

export interface Instance {
  url: string
  /** Of the link that makes the administrator; null when there is one already. */
  setUpKey: string | null
  stop(): Promise<void>
}

const START_LIMIT_MS = 120_000

/** Starts an oomscope of the test's own on a free port, for settings that the shared one does not have. */
export async function startInstance(data: string, settings: Record<string, string> = {}): Promise<Instance> {
  const child = spawn(process.execPath, ['bin/start.mjs'], {
    env: { ...process.env, ...settings, HOST: '127.0.0.1', PORT: '0', OOMSCOPE_DATA: data, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`It did not start:\n${said}`)), START_LIMIT_MS)
    const hear = (chunk: Buffer) => {
      said += chunk
      const address = /ready at (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1]
      // The last thing it says; the key, if there is one, comes before.
      if (address === undefined || !said.includes('Ctrl-C stops it.')) return
      clearTimeout(timer)
      resolve(address)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', (code) => reject(new Error(`It ended with ${code}:\n${said}`)))
  })
  return {
    url,
    setUpKey: /set-up\?key=([\w-]+)/.exec(said)?.[1] ?? null,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
