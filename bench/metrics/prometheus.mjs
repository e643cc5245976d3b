import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FIELDS, percentiles, sampleAt } from './samples.mjs'

const READY_TIMEOUT_MS = 60_000

export function isInstalled() {
  return spawnSync('promtool', ['--version']).status === 0 && spawnSync('prometheus', ['--version']).status === 0
}

/**
 * The same samples in a Prometheus of its own on loopback, and how long it takes for the least and the greatest of each
 * field in 1,000 steps.
 */
export async function measurePrometheus({ until, steps, rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'oomscope-bench-prometheus-'))
  let server = null
  try {
    await writeOpenMetrics(join(folder, 'samples.txt'), { until, steps })
    const imported = spawnSync(
      'promtool',
      [
        'tsdb',
        'create-blocks-from',
        'openmetrics',
        '--max-block-duration=744h',
        join(folder, 'samples.txt'),
        join(folder, 'tsdb'),
      ],
      { stdio: 'ignore' },
    )
    if (imported.status !== 0) throw new Error('promtool could not import the samples')
    writeFileSync(join(folder, 'prometheus.yml'), 'global: {}\n')
    const port = await freePort()
    server = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'tsdb')}`,
        '--storage.tsdb.retention.time=10y',
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    )
    await waitUntilReady(port)
    const durations = []
    const from = until - steps * 10_000
    const step = Math.ceil(steps / 100)
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now()
      for (const field of FIELDS) {
        for (const over of ['min_over_time', 'max_over_time']) {
          const query = `${over}(${field}{host="bench"}[${step}s])`
          const search = new URLSearchParams({ query, start: from / 1_000, end: until / 1_000, step: `${step}s` })
          const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query_range?${search}`)
          const { data } = await answer.json()
          if (data.result[0].values.length < 900) throw new Error('Prometheus has not all samples')
        }
      }
      durations.push(performance.now() - start)
    }
    return { ...percentiles(durations), version: versionOf() }
  } finally {
    if (server) {
      const ended = once(server, 'exit')
      server.kill('SIGTERM')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  }
}

async function writeOpenMetrics(file, { until, steps }) {
  const out = createWriteStream(file)
  for (const field of FIELDS) {
    out.write(`# TYPE ${field} gauge\n`)
    for (let step = 0; step < steps; step += 1) {
      const at = until - (steps - 1 - step) * 10_000
      const isTaken = out.write(`${field}{host="bench"} ${sampleAt(at, step)[field]} ${at / 1_000}\n`)
      if (!isTaken) await once(out, 'drain')
    }
  }
  out.end('# EOF\n')
  await once(out, 'finish')
}

async function waitUntilReady(port) {
  const end = Date.now() + READY_TIMEOUT_MS
  while (Date.now() < end) {
    const isReady = await fetch(`http://127.0.0.1:${port}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('Prometheus did not become ready')
}

function versionOf() {
  const { stdout, stderr } = spawnSync('prometheus', ['--version'], { encoding: 'utf8' })
  return /version (\S+)/.exec(stdout + stderr)?.[1] ?? 'unknown'
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
