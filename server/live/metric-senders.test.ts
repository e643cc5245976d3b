import { mkdirSync } from 'node:fs'
import { totalmem } from 'node:os'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { findHost } from '@/lib/db/hosts'
import { newId } from '@/lib/db/ids'
import { listSamples } from '@/lib/db/samples'
import type { Sample } from '@/lib/metrics/sample'
import { freePort, incidentsOf, LiveServer, live, missing, missingModules, Sender } from '@/server/live/trial'

const PATIENCE = { timeout: 25_000, interval: 100 }
const KIB = 1024

let server: LiveServer
let sender: Sender
let host: string

beforeEach(async () => {
  server = await LiveServer.open()
  sender = new Sender()
  host = `live-${newId().toLowerCase()}`
})
afterEach(async () => {
  await sender.end()
  await server.close()
})

async function samplesOf(name: string): Promise<Sample[]> {
  const found = await findHost(name)
  return found ? listSamples(found.id, { from: Date.now() - 600_000, to: Date.now() + 60_000 }) : []
}

function untilSamples(name: string, claim: (samples: Sample[]) => void): Promise<void> {
  return vi.waitFor(async () => claim(await samplesOf(name)), PATIENCE)
}

/** A folder as /proc is, of a machine with so much memory available (KiB) and so many kills counted. */
function writeProc(availableKib: number, oomKills: number): void {
  mkdirSync(sender.file('proc'), { recursive: true })
  const meminfo = { MemTotal: 2_000_000, MemFree: 100_000, MemAvailable: availableKib, SwapTotal: 0, SwapFree: 0 }
  sender.write(
    'proc/meminfo',
    `${Object.entries(meminfo)
      .map(([name, kib]) => `${name}: ${kib} kB`)
      .join('\n')}\n`,
  )
  sender.write('proc/vmstat', `pswpin 0\npswpout 0\npgmajfault 10\noom_kill ${oomKills}\n`)
  sender.write('proc/loadavg', '0.50 0.40 0.30 1/100 1234\n')
}

live(
  'Prometheus with node_exporter: the curve without a gap although the server was away, and a counted kill',
  missing('prometheus', 'prometheus-node-exporter'),
  async () => {
    writeProc(1_500_000, 3)
    const exporterPort = await freePort()
    const port = await freePort()
    const collectors = ['meminfo', 'vmstat', 'loadavg', 'uname'].map((name) => `--collector.${name}`)
    const machine = await sender.startAsHost(host, 'prometheus-node-exporter', [
      `--web.listen-address=127.0.0.1:${exporterPort}`,
      `--path.procfs=${sender.file('proc')}`,
      '--collector.disable-defaults',
      ...collectors,
    ])
    const configuration = sender.write(
      'prometheus.yml',
      [
        'global: { scrape_interval: 1s }',
        'scrape_configs:',
        `  - { job_name: node, static_configs: [{ targets: ["127.0.0.1:${exporterPort}"] }] }`,
        server.configurationOf('Prometheus'),
        '',
      ].join('\n'),
    )
    sender.start('prometheus', [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${sender.file('tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ])
    await untilSamples(machine, (samples) => expect(samples.length, sender.words).toBeGreaterThan(0))
    await server.goAway()
    writeProc(20_000, 4)
    await vi.waitFor(() => expect(server.slammed, sender.words).toBeGreaterThan(0), PATIENCE)
    await server.comeBack()
    await untilSamples(machine, (samples) => {
      const told = samples.map(({ memAvailable }) => memAvailable)
      expect(told).toContain(1_500_000 * KIB)
      expect(told).toContain(20_000 * KIB)
      expect(samples.reduce((sum, { oomKills }) => sum + (oomKills ?? 0), 0)).toBe(1)
      const steps = samples.slice(1).map(({ at }, index) => at - (samples[index]?.at ?? 0))
      expect(Math.max(...steps)).toBeLessThanOrEqual(1_100)
    })
    await vi.waitFor(async () => {
      expect(await incidentsOf(machine)).toMatchObject([{ hostname: machine, killCount: 0, class: 'unknown' }])
    }, PATIENCE)
  },
)

live(
  'collectd tells the whole memory to the byte',
  missing('collectd', '/usr/lib/collectd/write_http.so'),
  async () => {
    const configuration = sender.write(
      'collectd.conf',
      [
        `Hostname "${host}"`,
        'Interval 2',
        `BaseDir "${sender.folder}"`,
        `PIDFile "${sender.file('pid')}"`,
        ...['memory', 'swap', 'load'].map((plugin) => `LoadPlugin ${plugin}`),
        server.configurationOf('collectd'),
        '',
      ].join('\n'),
    )
    sender.start('collectd', ['-f', '-C', configuration])
    await untilSamples(host, (samples) => {
      const whole = samples.filter(({ memTotal }) => memTotal !== undefined)
      expect(whole.length, sender.words).toBeGreaterThan(1)
      for (const { memTotal, memFree } of whole) {
        expect(memTotal).toBe(totalmem())
        expect(memFree).toBeLessThan(totalmem())
      }
    })
  },
)

const WITH_OTEL = `
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { HostMetrics } from '@opentelemetry/host-metrics'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
const resource = resourceFromAttributes({ 'host.name': process.env.SENDER_HOST })
const reader = new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter(), exportIntervalMillis: 60_000 })
const meterProvider = new MeterProvider({ resource, readers: [reader] })
new HostMetrics({ meterProvider }).start()
await meterProvider.forceFlush()
await meterProvider.shutdown()
`

live(
  'OpenTelemetry tells what is there and what is available',
  missingModules('@opentelemetry/exporter-metrics-otlp-proto', '@opentelemetry/host-metrics'),
  async () => {
    const configuration = server.configurationOf('OpenTelemetry JS')
    expect(await sender.runModule(WITH_OTEL, { SENDER_HOST: host }, configuration), sender.words).toBe(0)
    const [sample] = await samplesOf(host)
    expect(sample).toMatchObject({ memTotal: totalmem(), memAvailable: expect.any(Number) })
    expect(sample).not.toHaveProperty('memFree')
  },
)

live('Alertmanager keeps an alert for a server that is away', missing('prometheus-alertmanager', 'curl'), async () => {
  const port = await freePort()
  const configuration = sender.write(
    'alertmanager.yml',
    ['route: { receiver: oomscope, group_wait: 0s }', server.configurationOf('Alertmanager'), ''].join('\n'),
  )
  await server.goAway()
  sender.start('prometheus-alertmanager', [
    `--config.file=${configuration}`,
    `--storage.path=${sender.file('data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ])
  const labels = { alertname: 'NodeOOMKill', instance: `${host}:9100` }
  const alerts = sender.write('alerts.json', JSON.stringify([{ labels, startsAt: new Date().toISOString() }]))
  const post = ['-sSf', '--retry', '20', '--retry-connrefused', '--retry-delay', '1', '--json', `@${alerts}`]
  expect(await sender.run('curl', [...post, `http://127.0.0.1:${port}/api/v2/alerts`]), sender.words).toBe(0)
  await vi.waitFor(() => expect(server.slammed, sender.words).toBeGreaterThan(0), PATIENCE)
  await server.comeBack()
  await vi.waitFor(async () => expect(await findHost(host), sender.words).not.toBeNull(), PATIENCE)
  expect(server.answered).toMatchObject([{ path: '/api/ingest/alertmanager', status: 204 }])
})
