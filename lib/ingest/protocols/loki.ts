import { AppError } from '@/lib/errors'
import { asString, decodeText, isObject, type Json, type JsonObject } from '@/lib/ingest/protocols/json'
import { lineOfEvent, readFlatEvent } from '@/lib/ingest/protocols/kubernetes-event'
import { cleanHost, find, hostOf, linesOfMessage, readPriority } from '@/lib/ingest/protocols/log-record'
import { readPushJson, readPushProtobuf } from '@/lib/ingest/protocols/loki-messages'
import { collectedFrom } from '@/lib/ingest/protocols/own-envelope'
import {
  type Decoded,
  noContent,
  nothingDecoded,
  type Protocol,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { recordContext, splitUrl } from '@/lib/ingest/protocols/records'
import { placeNs } from '@/lib/ingest/protocols/wire-time'

function decode(request: WireRequest): Decoded {
  if (!/^(?:|push|api\/v1\/push|api\/prom\/push|loki\/api\/v1\/push)$/.test(request.path)) {
    throw new AppError('not-found', 'Loki senders push to loki/api/v1/push.')
  }
  const decoded = nothingDecoded()
  if (request.body.length === 0) return decoded
  const isJson = request.body.find((byte) => byte > 0x20) === 0x7b
  const streams = isJson ? readPushJson(decodeText(request.body)) : readPushProtobuf(request.body)
  const context = recordContext(request)
  for (const { labels, entries } of streams) {
    // Without the port that a scrape target has; Grafana's integrations name the machine so.
    const host = hostOf(labels) ?? cleanHost(labels.instance)
    for (const { ns, line, metadata } of entries) {
      decoded.items += 1
      const event = readFlatEvent(line)
      if (event !== null) {
        const told = lineOfEvent(
          { ...event, lastTimestamp: String(ns) },
          { ...context, host: hostOf(labels) ?? context.host },
        )
        if (told !== null) decoded.lines.push(told)
        continue
      }
      decoded.lines.push(
        ...linesOfMessage(
          withoutEcho(line, { ...labels, ...metadata }),
          {
            host: host ?? hostOf(metadata) ?? context.host,
            atNs: placeNs(ns, request.receivedAt),
            program: programOf({ ...labels, ...metadata }, line),
            pid: null,
            priority: readPriority(metadata.level ?? labels.level ?? labels.severity ?? labels.detected_level),
            bootId: null,
            monotonicUs: null,
          },
          context,
        ),
      )
    }
  }
  return decoded
}

function programOf(labels: JsonObject, line: string): string | null {
  if (labels.transport === 'kernel' || labels.__journal__transport === 'kernel') return 'kernel'
  const named = asString(find(labels, ['syslog_identifier', 'SYSLOG_IDENTIFIER', 'appname', 'program']))
  if (named !== null) return named
  // A job is a name of the collector's configuration; only one that names the kernel says who wrote the line.
  if (/kern|dmesg|kmsg/i.test(asString(labels.job) ?? '')) return 'kernel'
  const service = asString(find(labels, ['service_name', 'app', 'container_name', 'container']))
  return collectedFrom(service, asString(labels.filename), line)
}

/** Logger libraries append their fields to the line (` {"level":"info"}`); what only repeats labels is cut off. */
function withoutEcho(line: string, labels: JsonObject): string {
  const start = line.lastIndexOf(' {')
  if (start < 0 || !line.endsWith('}')) return line
  let echo: Json
  try {
    echo = JSON.parse(line.slice(start + 1))
  } catch {
    return line
  }
  const isEcho = isObject(echo) && Object.entries(echo).every(([key, value]) => labels[key] === value)
  return isEcho ? line.slice(0, start) : line
}

export const loki: Protocol = {
  name: 'loki',
  aliases: [],
  title: 'Loki push',
  expectsSnappy: true,
  snapshotToleranceMs: 0,
  senders: [
    {
      name: 'Grafana Alloy',
      versionSeen: null,
      tested: 'specification',
      gives: ['log'],
      file: 'config.alloy',
      configuration: (url, token) =>
        [
          'loki.write "oomscope" {',
          '  endpoint {',
          `    url          = "${url}/api/ingest/loki/loki/api/v1/push"`,
          `    bearer_token = "${token}"`,
          '  }',
          '  external_labels = { host = constants.hostname }',
          '}',
          'loki.relabel "journal" {',
          '  forward_to = []',
          '  rule {',
          '    source_labels = ["__journal_syslog_identifier"]',
          '    target_label  = "syslog_identifier"',
          '  }',
          '}',
          'loki.source.journal "all" {',
          '  forward_to    = [loki.write.oomscope.receiver]',
          '  relabel_rules = loki.relabel.journal.rules',
          '}',
        ].join('\n'),
      remark: null,
    },
    {
      name: 'Promtail',
      versionSeen: null,
      tested: 'specification',
      gives: ['log'],
      file: 'promtail.yaml',
      configuration: (url, token) =>
        [
          'clients:',
          `  - url: ${url}/api/ingest/loki/loki/api/v1/push`,
          `    bearer_token: ${token}`,
          // biome-ignore lint/suspicious/noTemplateCurlyInString: Promtail fills it in with -config.expand-env.
          '    external_labels: { host: "${HOSTNAME}" }',
        ].join('\n'),
      remark: null,
    },
    {
      name: 'Docker Loki driver',
      versionSeen: null,
      tested: 'specification',
      gives: ['log'],
      file: '/etc/docker/daemon.json',
      configuration: (url, token) => {
        const { hostname, port, isSecure } = splitUrl(url)
        const address = `${isSecure ? 'https' : 'http'}://agent:${token}@${hostname}:${port}`
        return JSON.stringify(
          {
            'log-driver': 'loki',
            'log-opts': { 'loki-url': `${address}/api/ingest/loki/loki/api/v1/push`, 'loki-retries': '10' },
          },
          null,
          2,
        )
      },
      remark: 'The driver takes credentials only inside the address.',
    },
    {
      name: 'pino-loki',
      versionSeen: '3.0',
      tested: 'live',
      gives: ['log'],
      file: 'logger.js',
      configuration: (url, token) =>
        [
          'pino.transport({',
          "  target: 'pino-loki',",
          '  options: {',
          `    host: '${url}/api/ingest/loki',`,
          `    basicAuth: { username: 'agent', password: '${token}' },`,
          '  },',
          '})',
        ].join('\n'),
      remark: null,
    },
    {
      name: 'winston-loki',
      versionSeen: '6.1',
      tested: 'captured',
      gives: ['log'],
      file: 'logger.js',
      configuration: (url, token) =>
        [
          'new LokiTransport({',
          `  host: '${url}/api/ingest/loki',`,
          `  headers: { Authorization: 'Bearer ${token}' },`,
          '  labels: { host: os.hostname(), job: "kernel" },',
          '})',
        ].join('\n'),
      remark: null,
    },
  ],
  decode,
  accept: () => noContent,
  greet: ({ method, path }) =>
    method === 'GET' && /(?:^|\/)ready$/.test(path)
      ? { status: 200, contentType: 'text/plain', body: 'ready\n' }
      : null,
}
