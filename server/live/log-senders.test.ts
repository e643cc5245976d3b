import { connect } from 'node:net'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { newId } from '@/lib/db/ids'
import { freePort, incidentsOf, LiveServer, live, missing, missingModules, REPORT, Sender } from '@/server/live/trial'

/** The instant of the kill, as every sender below is told it. */
const KILLED_AT = '2026-03-10T02:42:25Z'
const PATIENCE = { timeout: 40_000, interval: 100 }
const HALF = Math.floor(REPORT.length / 2)

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

/** RFC 3164 with a time that has year and zone, as relays send it. */
function syslogLines(lines: string[]): string {
  return lines.map((line) => `<6>${KILLED_AT.replace('Z', '+00:00')} ${host} kernel: ${line}\n`).join('')
}

/** The whole report arrived, once. */
async function expectOneIncident(at: string | null): Promise<void> {
  await vi.waitFor(async () => {
    const incidents = await incidentsOf(host)
    expect(incidents, sender.words).toMatchObject([{ hostname: host, killCount: 1, class: 'exhaustion' }])
    if (at !== null) expect(incidents[0]?.killTimes).toEqual([Date.parse(at)])
  }, PATIENCE)
}

async function untilAnswered(count: number): Promise<void> {
  await vi.waitFor(() => expect(server.answered.length, sender.words).toBeGreaterThanOrEqual(count), PATIENCE)
}

/** The sender was heard knocking at a server that is away. */
async function untilSlammed(): Promise<void> {
  await vi.waitFor(() => expect(server.slammed, sender.words).toBeGreaterThan(0), PATIENCE)
}

/** Once a port is open, sends it a text as another machine's syslog would. */
async function sendTo(port: number, text: string): Promise<void> {
  await vi.waitFor(
    () =>
      new Promise<void>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(text))
        socket.once('error', reject)
        socket.once('close', () => resolve())
      }),
    PATIENCE,
  )
}

live('syslog-ng keeps what it read while the server is away', missing('syslog-ng'), async () => {
  const log = sender.write('kern.log', syslogLines(REPORT.slice(0, HALF)))
  const configuration = sender.write(
    'syslog-ng.conf',
    [
      '@version: 3.38',
      'options { time-reopen(1); keep-hostname(yes); };',
      `source s_src { file("${log}" follow-freq(0.2)); };`,
      server.configurationOf('syslog-ng http()'),
      '',
    ].join('\n'),
  )
  const files = ['-R', sender.file('persist'), '-c', sender.file('ctl'), '--pidfile', sender.file('pid')]
  sender.start('syslog-ng', ['-F', '-f', configuration, ...files])
  await untilAnswered(1)
  await server.goAway()
  sender.write('kern.log', syslogLines(REPORT))
  await untilSlammed()
  await server.comeBack()
  await expectOneIncident(KILLED_AT)
})

live(
  'rsyslog keeps what it was sent while the server is away',
  missing('rsyslogd') ?? missing('/usr/lib/*/rsyslog/omelasticsearch.so'),
  async () => {
    const port = await freePort()
    const configuration = sender.write(
      'rsyslog.conf',
      [
        `global(workDirectory="${sender.folder}")`,
        'module(load="imptcp")',
        `input(type="imptcp" port="${port}" address="127.0.0.1")`,
        server.configurationOf('rsyslog omelasticsearch'),
        '',
      ].join('\n'),
    )
    sender.start('rsyslogd', ['-n', '-f', configuration, '-i', sender.file('pid')])
    await sendTo(port, syslogLines(REPORT.slice(0, HALF)))
    await untilAnswered(1)
    await server.goAway()
    await sendTo(port, syslogLines(REPORT.slice(HALF)))
    await untilSlammed()
    await server.comeBack()
    await expectOneIncident(KILLED_AT)
  },
)

/** The report as `journalctl -o export` prints it: taken by the journal half a second after the kernel wrote it. */
function journalExport(): string {
  const bootedUs = Date.parse(KILLED_AT) * 1000 - 4000_000_000
  return REPORT.map((line) => {
    const [, seconds = '', micros = '', message = ''] = /^\[ *(\d+)\.(\d{6})\] (.*)$/.exec(line) ?? []
    const monotonicUs = Number(seconds) * 1e6 + Number(micros)
    const takenUs = monotonicUs + 500_000
    return [
      `__CURSOR=s=1;i=${micros}`,
      `__REALTIME_TIMESTAMP=${bootedUs + takenUs}`,
      `__MONOTONIC_TIMESTAMP=${takenUs}`,
      '_BOOT_ID=5b7d3c1e9f024b6d8a1c2e3f4a5b6c7d',
      '_MACHINE_ID=0f1e2d3c4b5a69788796a5b4c3d2e1f0',
      `_HOSTNAME=${host}`,
      '_TRANSPORT=kernel',
      'PRIORITY=6',
      'SYSLOG_IDENTIFIER=kernel',
      `_SOURCE_MONOTONIC_TIMESTAMP=${monotonicUs}`,
      `MESSAGE=${message}`,
      '',
      '',
    ].join('\n')
  }).join('')
}

live(
  'systemd-journal-upload begins where it stopped, and the kernel’s own clock gives the time',
  missing('systemd-journal-upload', 'systemd-journal-remote'),
  async () => {
    const journal = sender.file('live.journal')
    const remote = ['-o', journal, sender.write('in.export', journalExport())]
    expect(await sender.run('systemd-journal-remote', remote), sender.words).toBe(0)
    const configuration = server.configurationOf('systemd-journal-upload')
    const [, url = ''] = /URL=(\S+?)\\n/.exec(configuration) ?? []
    const upload = [`--url=${url}`, `--file=${journal}`, '--follow=no', `--save-state=${sender.file('state')}`]
    await server.goAway()
    expect(await sender.run('systemd-journal-upload', upload)).not.toBe(0)
    await server.comeBack()
    expect(await sender.run('systemd-journal-upload', upload), sender.words).toBe(0)
    expect(await sender.run('systemd-journal-upload', upload), sender.words).toBe(0)
    await expectOneIncident(KILLED_AT)
  },
)

live('journalctl and curl send the export as one body', missing('curl'), async () => {
  sender.write('journal.export', journalExport())
  const shell = `journalctl() { cat journal.export; }\n${server.configurationOf('journalctl and curl')}`
  expect(await sender.run('sh', ['-c', shell]), sender.words).toBe(0)
  await expectOneIncident(KILLED_AT)
})

live('curl sends each line of dmesg as it comes', missing('curl'), async () => {
  const stamp = KILLED_AT.replace('Z', ',000000+00:00')
  const lines = REPORT.map((line) => `${stamp} ${line.replace(/^\[.*?\] /, '')}\n`)
  const follow = sender.write('dmesg.log', lines.join(''))
  const shell = `dmesg() { cat ${follow}; }\nhostname() { echo ${host}; }\n${server.configurationOf('curl')}`
  expect(await sender.run('sh', ['-c', shell]), sender.words).toBe(0)
  expect(server.answered).toHaveLength(REPORT.length)
  await expectOneIncident(KILLED_AT)
})

/** Logs the report, then waits until all of it was taken. */
const WITH_PINO = `
import pino from 'pino'
const [host, password] = process.env.SERVER.split(' ')
const transport = pino.transport({
  target: 'pino-loki',
  options: { host: host + '/api/ingest/loki', basicAuth: { username: 'agent', password }, labels: { job: 'kernel' } },
})
const logger = pino({ base: { hostname: process.env.SENDER_HOST } }, transport)
for (const line of process.env.SENDER_LINES.split('\\n')) logger.info(line)
transport.end()
`

live('pino-loki carries the report as records within lines', missingModules('pino-loki'), async () => {
  const env = { SERVER: `${server.url} ${server.token}`, SENDER_HOST: host, SENDER_LINES: REPORT.join('\n') }
  expect(await sender.runModule(WITH_PINO, env), sender.words).toBe(0)
  await expectOneIncident(null)
})

const WITH_OTEL = `
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
const resource = resourceFromAttributes({ 'host.name': process.env.SENDER_HOST, 'service.name': 'kernel' })
const exporter = new OTLPLogExporter()
const processor = new BatchLogRecordProcessor({ exporter, scheduledDelayMillis: 100 })
const provider = new LoggerProvider({ resource, processors: [processor] })
const logger = provider.getLogger('kmsg')
for (const body of process.env.SENDER_LINES.split('\\n')) logger.emit({ body, severityNumber: 9 })
await provider.forceFlush()
await provider.shutdown()
`

live(
  'OpenTelemetry sends again what a server that was away did not take',
  missingModules('@opentelemetry/exporter-logs-otlp-http', '@opentelemetry/sdk-logs'),
  async () => {
    await server.goAway()
    const env = { SENDER_HOST: host, SENDER_LINES: REPORT.join('\n') }
    const ended = sender.runModule(WITH_OTEL, env, server.configurationOf('OpenTelemetry JS'))
    await untilSlammed()
    await server.comeBack()
    expect(await ended, sender.words).toBe(0)
    await expectOneIncident(null)
  },
)
