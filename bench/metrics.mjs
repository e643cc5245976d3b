// Memory over time on this machine: chart data beside Prometheus, a fleet that sends, bytes on disk. Loopback only, and
// bounded: about six minutes with a year of samples (BENCH_YEAR=0 leaves it out), everything removed at the end.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { startInstance } from './instance.mjs'
import { sendFleet } from './metrics/ingest.mjs'
import { isInstalled, measurePrometheus } from './metrics/prometheus.mjs'
import { FIELDS, percentiles, sampleAt } from './metrics/samples.mjs'

const ROOT = join(import.meta.dirname, '..')
const DAY_STEPS = 8_640
const ROUNDS = 20
const SECONDS = Number(process.env.BENCH_SECONDS ?? 45)
const withYear = process.env.BENCH_YEAR !== '0'

const result = { chart: {}, ingest: {}, disk: {} }
const instance = await startInstance()
const store = await loadStore(instance.databaseUrl)
try {
  const until = Math.floor(Date.now() / 10_000) * 10_000
  result.chart.month = await measureChart('bench', until, 30 * DAY_STEPS)
  result.disk = result.chart.month.disk
  if (isInstalled()) {
    result.chart.prometheus = await measurePrometheus({ until, steps: 30 * DAY_STEPS, rounds: 10 })
  }
  const fleet = { ...instance, hosts: 1_500, batchesPerSecond: 150, seconds: SECONDS, readers: 10 }
  const start = until - 3_600_000
  result.ingest.single = await measureIngest({ ...fleet, rowsPerBatch: 1, start })
  result.ingest.batched = await measureIngest({ ...fleet, rowsPerBatch: 30, start: start + 600_000 })
  if (withYear) result.chart.year = await measureChart('bench-year', until, 365 * DAY_STEPS)
} finally {
  await store.closeDatabase()
  await instance.stop()
}
print(result)

/** The functions of the store, bundled, on the database of the instance. */
async function loadStore(databaseUrl) {
  process.env.DATABASE_URL = databaseUrl
  const outfile = join(ROOT, `node_modules/.bench-store-${process.pid}.mjs`)
  await build({
    entryPoints: [join(ROOT, 'bench/metrics/store.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '@': ROOT },
    logLevel: 'error',
  })
  try {
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(outfile)
  }
}

async function measureChart(name, until, steps) {
  const { hostId, rowsPerSecond } = await store.fillHost(name, { until, steps, sampleAt })
  // Vacuums as well: what is measured is a store at rest, as Prometheus gets finished blocks.
  const disk = diskPerSample(await store.measureDisk())
  const range = { from: until - steps * 10_000, to: until }
  const asked = []
  const overHttp = []
  let bytes = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now()
    bytes = JSON.stringify(
      await store.listSeries(hostId, range, { points: 1_000, fields: FIELDS, detail: 'envelope' }),
    ).length
    asked.push(performance.now() - start)
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now()
    const search = new URLSearchParams({ ...range, points: '1000', fields: FIELDS.join(','), detail: 'envelope' })
    const answer = await fetch(`${instance.url}/api/v1/hosts/${name}/series?${search}`, {
      headers: { authorization: `Bearer ${instance.token}` },
    })
    if (!answer.ok) throw new Error(`series answered ${answer.status}`)
    await answer.text()
    overHttp.push(performance.now() - start)
  }
  return { samples: steps, store: percentiles(asked), http: percentiles(overHttp), bytes, rowsPerSecond, disk }
}

/** With what it cost: on a machine that others use as well, processor time says more than the clock. */
async function measureIngest(trial) {
  const before = instance.usage()
  const sent = await sendFleet(trial)
  const usage = instance.usage()
  const batches = sent.writes.byStatus[200] ?? 0
  const cpuMsPerBatch = (part) => Math.round(((usage[part].cpuMs - before[part].cpuMs) / batches) * 100) / 100
  return { ...sent, usage, cpuMsPerBatch: { web: cpuMsPerBatch('web'), postgres: cpuMsPerBatch('postgres') } }
}

function diskPerSample({ samples, sampleBytes, rollups, rollupBytes }) {
  const round = (value) => Math.round(value * 10) / 10
  return {
    samples,
    bytesPerSample: round(sampleBytes / samples),
    rollups,
    bytesPerRollup: round(rollupBytes / rollups),
    rollupBytesPerSample: round(rollupBytes / samples),
  }
}

function print({ chart, ingest, disk }) {
  const rows = []
  const mib = (bytes) => `${Math.round(bytes / 1024 ** 2)} MiB`
  for (const [name, one] of [
    ['30 days at 10 s', chart.month],
    ['a year at 10 s', chart.year],
  ]) {
    if (!one) continue
    rows.push({ what: `chart data, ${name}, ${FIELDS.length} fields`, ...one.store, unit: 'ms' })
    rows.push({ what: `the same over HTTP (${Math.round(one.bytes / 1024)} KiB)`, ...one.http, unit: 'ms' })
  }
  if (chart.prometheus) {
    const { version, ...times } = chart.prometheus
    rows.push({ what: `Prometheus ${version}: min and max, 30 days`, ...times, unit: 'ms' })
  }
  for (const [name, one] of Object.entries(ingest)) {
    rows.push({ what: `ingest, ${name}: ${one.rowsPerSecond} samples/s`, ...omitStatus(one.writes), unit: 'ms' })
    rows.push({ what: `  ten readers meanwhile`, ...omitStatus(one.reads), unit: 'ms' })
  }
  console.table(rows)
  for (const [name, { writes, usage, cpuMsPerBatch }] of Object.entries(ingest)) {
    const memory = ['web', 'worker', 'postgres'].map((part) => `${part} ${mib(usage[part].bytes)}`).join(', ')
    const cpu = `web ${cpuMsPerBatch.web} ms and PostgreSQL ${cpuMsPerBatch.postgres} ms of processor time a batch`
    console.log(`${name}: answers ${JSON.stringify(writes.byStatus)}; ${cpu}; memory: ${memory}`)
  }
  console.log(
    `disk: ${disk.bytesPerSample} bytes a sample, rollups ${disk.rollupBytesPerSample} bytes a sample more (${disk.bytesPerRollup} each)`,
  )
  if (chart.prometheus) {
    console.log(
      `30 days: ${(chart.prometheus.p50 / chart.month.store.p50).toFixed(1)} times as fast as Prometheus in this run`,
    )
  }
  console.log(JSON.stringify(result))
}

function omitStatus({ byStatus, ...times }) {
  return times
}
