import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { receive } from '@/app/api/ingest/receive'
import { POST } from '@/app/api/v1/metrics/route'
import { issueToken } from '@/lib/auth/tokens'

export const AGENT = join(import.meta.dirname, 'oomscope-agent.sh')

/** The shells that the agent promises to run on, as far as this machine has them. */
export const SHELLS = [
  { name: 'dash', command: ['dash'] },
  { name: 'busybox sh', command: ['busybox', 'sh'] },
].map((shell) => ({ ...shell, isMissing: !isThere(shell.command[0] ?? '') }))

export function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

/** Our own API for metrics and streams on a port of its own, which can be gone and come back. */
export class Receiver {
  /** Bodies by path, in the order of arrival, those refused included. */
  readonly received: { path: string; body: string }[] = []
  private server: Server | null = null
  private port = 0

  private constructor(readonly token: string) {}

  static async open(): Promise<Receiver> {
    const { secret } = await issueToken({
      name: 'agent',
      scopes: ['ingest'],
      host: null,
      expiresAt: null,
      createdById: null,
    })
    const receiver = new Receiver(secret)
    await receiver.comeBack()
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async comeBack(): Promise<void> {
    const server = createServer(async (incoming, outgoing) => {
      const answer = await this.answer(incoming)
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
    })
    this.server = server
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
    // Bound to TCP, so it is not the path of a pipe.
    this.port = (server.address() as AddressInfo).port
  }

  async goAway(): Promise<void> {
    const { server } = this
    if (!server) return
    this.server = null
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  }

  private async answer(incoming: IncomingMessage): Promise<Response> {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part)
    const body = Buffer.concat(parts).toString()
    const url = new URL(incoming.url ?? '/', this.url)
    this.received.push({ path: url.pathname, body })
    const headers = new Headers({ authorization: incoming.headers.authorization ?? '' })
    const request = new Request(url, { method: 'POST', body, headers })
    if (url.pathname === '/api/v1/metrics') return POST(request, undefined)
    return receive(request, url.pathname.split('/')[3] ?? '', [])
  }
}

/** A machine as the agent sees it: a folder with the files of /proc and a kernel log. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'oomscope-agent-'))
  readonly proc = join(this.folder, 'proc')
  readonly spool = join(this.folder, 'state/spool')

  write(path: string, text: string): void {
    const file = join(this.folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }

  environment(receiver: Receiver | null, more: Record<string, string> = {}): NodeJS.ProcessEnv {
    return {
      ...process.env,
      OOMSCOPE_STATE: join(this.folder, 'state'),
      OOMSCOPE_PROC: this.proc,
      OOMSCOPE_SYS: join(this.folder, 'sys'),
      OOMSCOPE_DMESG: `cat ${join(this.folder, 'dmesg')}`,
      OOMSCOPE_INTERVAL: '1',
      OOMSCOPE_URL: receiver?.url ?? '',
      OOMSCOPE_TOKEN: receiver?.token ?? '',
      ...more,
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** What one call of the agent that ends by itself prints. */
export function callAgent(
  shell: string[],
  args: string[],
  env: NodeJS.ProcessEnv,
): { lines: string[]; trouble: string } {
  const [program = 'sh', ...before] = shell
  // The receiver lives in this process: calls that talk to it must not block it, see `runAgent`.
  const { stdout, stderr } = spawnSync(program, [...before, AGENT, ...args], { env, encoding: 'utf8' })
  return { lines: stdout.split('\n').filter((line) => line !== ''), trouble: stderr }
}

/** The agent as a process of its own. */
export function startAgent(shell: string[], args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  const [program = 'sh', ...before] = shell
  return spawn(program, [...before, AGENT, ...args], { env, stdio: 'ignore', detached: true })
}

/** Waits for an agent that ends by itself. @returns its exit status */
export function runAgent(shell: string[], args: string[], env: NodeJS.ProcessEnv): Promise<number | null> {
  const agent = startAgent(shell, args, env)
  return new Promise((resolve) => agent.once('exit', resolve))
}

/** Ends the agent and what it started, at once. */
export async function killAgent(agent: ChildProcess): Promise<void> {
  if (agent.pid === undefined || agent.exitCode !== null || agent.signalCode !== null) return
  const ended = new Promise((resolve) => agent.once('exit', resolve))
  process.kill(-agent.pid, 'SIGKILL')
  await ended
}
