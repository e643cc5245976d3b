// Prometheus remote write on this machine: the captured scrape of node_exporter for 1,000 hosts, acknowledged durably by
// oomscope, and by Prometheus's own receiver in the same run where it is installed. Loopback only, about a minute each.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startInstance } from './instance.mjs'
import { loadScrape } from './remote-write/requests.mjs'

const HOSTS = Number(process.env.BENCH_HOSTS ?? 1_000)
const SECONDS = Number(process.env.BENCH_SECONDS ?? 20)
const CONNECTIONS = 8
const PROMETHEUS = process.env.BENCH_PROMETHEUS ?? 'prometheus'
const READY_TRIES = 300

const scrape = await loadScrape()
const result = { hosts: HOSTS, samplesPerHost: scrape.samplesPerHost, connections: CONNECTIONS }
const instance = await startInstance()
try {
  const url = new URL('/api/ingest/prometheus/api/v1/write', instance.url)
  result.oomscope = {
    ...(await measure(url, { authorization: `Bearer ${instance.token}` })),
    usage: instance.usage(),
  }
} finally {
  await instance.stop()
}
if (spawnSync(PROMETHEUS, ['--version']).status === 0) result.prometheus = await measurePrometheus()
else console.error('prometheus is not installed: nothing to compare with')
print(result)

/** Scrapes of all hosts, one after the other, ten seconds apart on the clock of the samples, as fast as they are taken. */
async function measure(url, headers) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const byStatus = {}
  const durations = []
  let samples = 0
  const start = Math.floor(Date.now() / 10_000) * 10_000 - 3_600_000
  const begin = performance.now()
  const queue = scrapes(start)
  const isOver = () => performance.now() - begin > SECONDS * 1_000
  const send = async () => {
    for (let next = queue.next(); !next.done && !isOver(); next = queue.next()) {
      const sent = performance.now()
      const status = await post(url, agent, headers, next.value.body)
      durations.push(performance.now() - sent)
      byStatus[status] = (byStatus[status] ?? 0) + 1
      if (status >= 200 && status < 300) samples += next.value.samples
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, send))
  const seconds = (performance.now() - begin) / 1_000
  agent.destroy()
  durations.sort((a, b) => a - b)
  return {
    samplesPerSecond: Math.round(samples / seconds),
    p50: durations[Math.floor(durations.length / 2)],
    p99: durations[Math.floor(durations.length * 0.99)],
    byStatus,
  }
}

function* scrapes(start) {
  for (let turn = 0; ; turn += 1) yield* scrape.requests({ hosts: HOSTS, at: start + turn * 10_000, turn })
}

function post(url, agent, headers, body) {
  return new Promise((resolve) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          ...headers,
          'content-type': 'application/x-protobuf',
          'content-encoding': 'snappy',
          'x-prometheus-remote-write-version': '0.1.0',
          'content-length': body.length,
        },
      },
      (answer) => {
        answer.resume()
        answer.once('end', () => resolve(answer.statusCode))
      },
    )
    sent.once('error', () => resolve('no answer'))
    sent.end(body)
  })
}

async function measurePrometheus() {
  const folder = mkdtempSync(join(tmpdir(), 'oomscope-bench-receiver-'))
  writeFileSync(join(folder, 'prometheus.yml'), 'global: {}\n')
  const port = 20_000 + (process.pid % 10_000)
  const server = spawn(
    PROMETHEUS,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      '--web.enable-remote-write-receiver',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  try {
    const url = new URL(`http://127.0.0.1:${port}/api/v1/write`)
    for (let attempt = 0; attempt < READY_TRIES; attempt += 1) {
      const isReady = await fetch(new URL('/-/ready', url)).then(
        (answer) => answer.ok,
        () => false,
      )
      if (isReady) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return await measure(url, {})
  } finally {
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

function print({ oomscope, prometheus, ...about }) {
  const rows = { oomscope, prometheus }
  console.log(`${about.hosts} hosts × ${about.samplesPerHost} samples, ${about.connections} connections\n`)
  console.log('| receiver | samples/s acknowledged | p50 ms | p99 ms | answers |')
  console.log('| --- | ---: | ---: | ---: | --- |')
  for (const [name, row] of Object.entries(rows)) {
    if (!row) continue
    const { samplesPerSecond, p50, p99, byStatus } = row
    console.log(
      `| ${name} | ${samplesPerSecond} | ${p50?.toFixed(1)} | ${p99?.toFixed(1)} | ${JSON.stringify(byStatus)} |`,
    )
  }
  console.log(`\n${JSON.stringify({ ...about, ...rows })}`)
}
