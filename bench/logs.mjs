// From the HTTP request to visible incidents: a 300 MB syslog with 200 OOM reports, beside lnav and ripgrep on the same
// file in the same run. Loopback only, everything removed at the end.
import { spawnSync } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { startInstance } from './instance.mjs'
import { writeSyslog } from './syslog.mjs'

const ROOT = join(import.meta.dirname, '..')
const BYTES = Number(process.env.BENCH_BYTES ?? 300e6)
const REPORTS = 200
const MB = 1e6
const SENT_BYTES = 256 * 1024
/** Looking at every process of the machine is work, too: memory is looked at once in so many questions. */
const QUESTIONS_A_LOOK = 10
const PARTS = ['web', 'worker', 'postgres']

const folder = mkdtempSync(join(tmpdir(), 'oomscope-bench-log-'))
const file = join(folder, 'messages')
const size = await writeSyslog(file, { bytes: BYTES, reports: REPORTS })
const instance = await startInstance()
try {
  const idle = instance.usage()
  const peers = [
    timed('ripgrep, kill lines only', 'rg', ['-c', 'Killed process', file]),
    timed('lnav, kill lines filtered', 'lnav', ['-n', '-c', ':filter-in Killed process', file]),
    timed('oomscope analyze, no server', process.execPath, [join(ROOT, 'bin/oomscope.js'), 'analyze', '--json', file]),
  ]
  print({ idle, peers, ours: await ship() })
} finally {
  await instance.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** Sends the file as curl would, waits until its incidents can be listed, and watches memory and answers meanwhile. */
async function ship() {
  const headers = { authorization: `Bearer ${instance.token}` }
  const watch = { isDone: false, peak: instance.usage(), lateMs: [] }
  const watching = watchServer(watch)
  const start = performance.now()
  const search = 'host=web-12&name=messages&year=2026'
  const { upload } = await put(`${instance.url}/api/v1/logs?${search}`, headers)
  const answeredMs = performance.now() - start
  let state = upload.state
  while (state !== 'read') {
    if (state === 'failed') throw new Error('the upload was not understood')
    await pause(50)
    state = (await (await fetch(`${instance.url}/api/v1/uploads/${upload.id}`, { headers })).json()).state
  }
  const seconds = (performance.now() - start) / 1000
  watch.isDone = true
  await watching
  const end = instance.usage()
  for (const part of PARTS) watch.peak[part].cpuMs = end[part].cpuMs
  const stored = await (await fetch(`${instance.url}/api/v1/uploads/${upload.id}`, { headers })).json()
  const kills = stored.receipts.reduce((sum, receipt) => sum + receipt.counts.kills, 0)
  if (kills !== REPORTS) throw new Error(`${kills} kills were found, not ${REPORTS}`)
  watch.lateMs.sort((a, b) => a - b)
  return {
    seconds,
    answeredMs,
    incidents: stored.incidents.length,
    peak: watch.peak,
    healthP50: watch.lateMs[Math.floor(watch.lateMs.length * 0.5)],
    healthP99: watch.lateMs[Math.floor(watch.lateMs.length * 0.99)],
  }
}

/** Sends the file; with Node's plain client, which leaves the processors to the server. @returns the answer's JSON */
async function put(url, headers) {
  const sending = request(url, { method: 'PUT', headers })
  const answered = new Promise((resolve, reject) => {
    sending.once('response', (response) => resolve(text(response)))
    sending.once('error', reject)
  })
  await pipeline(createReadStream(file, { highWaterMark: SENT_BYTES }), sending)
  return JSON.parse(await answered)
}

/** How long the web process takes to answer the cheapest request: an upper bound of how late its event loop is. */
async function watchServer(watch) {
  for (let questions = 0; !watch.isDone; questions += 1) {
    const asked = performance.now()
    await (await fetch(`${instance.url}/healthz`)).arrayBuffer()
    watch.lateMs.push(performance.now() - asked)
    await pause(20)
    if (questions % QUESTIONS_A_LOOK !== 0) continue
    const now = instance.usage()
    for (const part of PARTS) {
      watch.peak[part] = { bytes: Math.max(watch.peak[part].bytes, now[part].bytes), cpuMs: now[part].cpuMs }
    }
  }
}

function timed(what, program, args) {
  const start = performance.now()
  const { error, status } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'ignore'] })
  if (error || status !== 0) return { what, seconds: null }
  return { what, seconds: (performance.now() - start) / 1000 }
}

function print({ idle, peers, ours }) {
  const rate = (seconds) => Math.round(size.bytes / MB / seconds)
  const rows = [...peers, { what: 'oomscope, request to incidents', seconds: ours.seconds }]
  console.log(`${Math.round(size.bytes / MB)} MB, ${size.lines} lines, ${size.reports} reports`)
  console.table(
    rows.map(({ what, seconds }) =>
      seconds === null
        ? { what, seconds: 'not installed' }
        : { what, seconds: Number(seconds.toFixed(2)), 'MB/s': rate(seconds) },
    ),
  )
  const mib = (bytes) => `${Math.round(bytes / 1024 ** 2)} MiB`
  for (const part of PARTS) {
    const cpu = (ours.peak[part].cpuMs - idle[part].cpuMs) / 1000
    console.log(
      `${part}: ${mib(idle[part].bytes)} idle, ${mib(ours.peak[part].bytes)} at most; ${cpu.toFixed(1)} s of processor time`,
    )
  }
  console.log(
    `web answered /healthz meanwhile in ${ours.healthP50.toFixed(1)} ms (p50), ${ours.healthP99.toFixed(1)} ms (p99)`,
  )
  console.log(JSON.stringify({ size, peers, ours, idle }))
}
