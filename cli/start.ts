import { spawn } from 'node:child_process'
import type { Command } from '@/cli/command'
import { projectPath } from '@/cli/project'

export const start: Command = {
  name: 'start',
  usage: 'start',
  summary: 'Start the server, as "npm start" does: build if needed, database, web and worker.',
  run,
}

function run(): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [projectPath('bin/start.mjs')], { stdio: 'inherit' })
    // Ctrl-C reaches the child by itself; we stay until it has stopped everything.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
