import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { issueToken } from '@/lib/auth/tokens'
import { listIncidents } from '@/lib/db/incident-summaries'
import { claimUpload } from '@/lib/db/queue'
import { listSenders } from '@/lib/ingest/protocols/guide'
import { readUpload } from '@/lib/ingest/read-upload'
import { answerSender } from '@/server/senders'

/** Daemons live where a user's PATH does not lead. */
const PATH = `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin:/lib/systemd`

/** A report of the kernel, its lines stamped with seconds since boot; the kill of process 4242 (java) is its last. */
export const REPORT = readFileSync(join(import.meta.dirname, '../../lib/ingest/fixtures/stream-report.log'), 'utf8')
  .trimEnd()
  .split('\n')

/** What of these programs is not on this machine, as the words with which a test is skipped; null when all are there. */
export function missing(...programs: string[]): string | null {
  const absent = programs.filter(
    (program) => spawnSync('sh', ['-c', `command -v ${program}`], { env: { ...process.env, PATH } }).status,
  )
  return absent.length === 0 ? null : `${absent.join(', ')} not installed`
}

/** The same for packages of npm. */
export function missingModules(...names: string[]): string | null {
  const absent = names.filter((name) => {
    try {
      import.meta.resolve(name)
      return false
    } catch {
      return true
    }
  })
  return absent.length === 0 ? null : `${absent.join(', ')} not installed`
}

const LONGEST_MS = 90_000

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Bound to TCP, so it is not the path of a pipe.
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A test with a real sender; where it is not installed it is skipped, and the output says so. */
export function live(name: string, why: string | null, run: () => Promise<void>): void {
  // A run lists only how many tests it skipped.
  if (why !== null) process.stdout.write(`skipped: ${name}: ${why}\n`)
  test.skipIf(why !== null)(why === null ? name : `${name}: not tried, ${why}`, run, LONGEST_MS)
}

/** The addresses for foreign senders, on a port of their own that can be gone and come back. */
export class LiveServer {
  /** Requests answered so far, by status. */
  readonly answered: { path: string; status: number }[] = []
  /** Connections slammed while the server was away. */
  slammed = 0
  private server: Server | TcpServer | null = null
  private port = 0

  private constructor(
    readonly token: string,
    private readonly createListener: (answer: RequestListener) => Server,
  ) {}

  /** @param createListener in place of the usual one of Node */
  static async open(createListener: (answer: RequestListener) => Server = createServer): Promise<LiveServer> {
    const token = { name: 'live', scopes: ['ingest' as const], host: null, expiresAt: null, createdById: null }
    const server = new LiveServer((await issueToken(token)).secret, createListener)
    await server.comeBack()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** The lines that the page of senders shows for one of them, with this server's address and token. */
  configurationOf(sender: string): string {
    const guide = listSenders(this.url, this.token, this.port).find(({ name }) => name === sender)
    if (!guide) throw new Error(`the page shows no ${sender}`)
    return guide.configuration
  }

  async comeBack(): Promise<void> {
    await this.close()
    const server = this.createListener((incoming, outgoing) => void this.answer(incoming, outgoing))
    await this.listen(server)
  }

  /** From here on the port is open and nobody answers: every connection is closed at once, and counted. */
  async goAway(): Promise<void> {
    await this.close()
    const server = createTcpServer((socket) => {
      this.slammed += 1
      socket.destroy()
    })
    await this.listen(server)
  }

  async close(): Promise<void> {
    const { server } = this
    if (!server) return
    this.server = null
    await new Promise((resolve) => {
      server.close(resolve)
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
  }

  private async listen(server: Server | TcpServer): Promise<void> {
    this.server = server
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
    // Bound to TCP, so it is not the path of a pipe.
    this.port = (server.address() as AddressInfo).port
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const answering = answerSender(incoming, outgoing)
    if (!answering) throw new Error(`nothing answers ${incoming.method} ${incoming.url}`)
    await answering
    const [path = ''] = (incoming.url ?? '').split('?', 1)
    this.answered.push({ path, status: outgoing.statusCode })
  }
}

/** A sender's process with a folder of its own; ends with the test. */
export class Sender {
  readonly folder = mkdtempSync(join(tmpdir(), 'oomscope-sender-'))
  private readonly running: ChildProcess[] = []
  private printed = ''

  file(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, text: string): string {
    writeFileSync(this.file(name), text)
    return this.file(name)
  }

  /** Starts a program in the sender's folder. What it prints is told when it ends although it should not. */
  start(command: string, args: string[], env: Record<string, string> = {}): ChildProcess {
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { ...process.env, PATH, ...env },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.running.push(child)
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part: Buffer) => {
        this.printed = `${this.printed}${part}`.slice(-4_000)
      })
    }
    return child
  }

  /** Starts a program under a host name of its own where that is allowed, else under this machine's. @returns the name */
  async startAsHost(host: string, command: string, args: string[]): Promise<string> {
    const isAllowed = (await this.run('unshare', ['-u', 'true']).catch(() => 1)) === 0
    if (isAllowed) this.start('unshare', ['-u', 'sh', '-c', `hostname ${host} && exec "$0" "$@"`, command, ...args])
    else this.start(command, args)
    return isAllowed ? host : hostname()
  }

  /** Runs a program to its end. @returns its exit status; null when a signal ended it */
  async run(command: string, args: string[], env: Record<string, string> = {}): Promise<number | null> {
    const child = this.start(command, args, env)
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', resolve)
    })
  }

  /** Runs a program that uses packages of this project, after lines of shell. @returns its exit status */
  runModule(program: string, env: Record<string, string>, before = ''): Promise<number | null> {
    const shell = `${before}\ncd "$PROJECT" && exec node --input-type=module -e "$PROGRAM"`
    return this.run('sh', ['-c', shell], { ...env, PROJECT: process.cwd(), PROGRAM: program })
  }

  /** The last it printed, for the message of a failure. */
  get words(): string {
    return this.printed
  }

  async end(): Promise<void> {
    for (const child of this.running) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue
      const ended = new Promise((resolve) => child.once('exit', resolve))
      process.kill(-child.pid, 'SIGKILL')
      await ended
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Reads what waits, as the worker does. */
export async function readAll(): Promise<void> {
  for (let claim = await claimUpload('test'); claim; claim = await claimUpload('test')) {
    await readUpload(claim, new AbortController().signal)
  }
}

/** The incidents of a host once everything stored has been read. */
export async function incidentsOf(host: string) {
  await readAll()
  return (await listIncidents({ host })).items
}
