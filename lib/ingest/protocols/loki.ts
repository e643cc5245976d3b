import { AppError } from '@/lib/errors'
import {
  asString,
  decodeText,
  isObject,
  type Json,
  type JsonObject,
  parseJsonObject,
} from '@/lib/ingest/protocols/json'
import { cleanHost, find, hostOf, linesOfMessage, readPriority } from '@/lib/ingest/protocols/log-record'
import { collectedFrom } from '@/lib/ingest/protocols/own-envelope'
import { fieldsOf, integerOf, messageOf, textOf } from '@/lib/ingest/protocols/protobuf'
import {
  type Decoded,
  noContent,
  nothingDecoded,
  type Protocol,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { recordContext, splitUrl } from '@/lib/ingest/protocols/records'
import { placeNs } from '@/lib/ingest/protocols/wire-time'

interface Stream {
  labels: JsonObject
  entries: Entry[]
}

interface Entry {
  ns: bigint
  line: string
  metadata: JsonObject
}

function decode(request: WireRequest): Decoded {
  if (!/^(?:|push|api\/v1\/push|api\/prom\/push|loki\/api\/v1\/push)$/.test(request.path)) {
    throw new AppError('not-found', 'Loki senders push to loki/api/v1/push.')
  }
  const decoded = nothingDecoded()
  if (request.body.length === 0) return decoded
  const isJson = request.body.find((byte) => byte > 0x20) === 0x7b
  const streams = isJson ? readJson(decodeText(request.body)) : readProtobuf(request.body)
  const context = recordContext(request)
  for (const { labels, entries } of streams) {
    // Without the port that a scrape target has; Grafana's integrations name the machine so.
    const host = hostOf(labels) ?? cleanHost(labels.instance)
    for (const { ns, line, metadata } of entries) {
      decoded.items += 1
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

/** @throws AppError 'invalid'; a numeric timestamp is refused as Loki does */
function readJson(text: string): Stream[] {
  // An empty push is a success.
  const streams = parseJsonObject(text).streams ?? []
  if (!Array.isArray(streams)) throw new AppError('invalid', 'The push has "streams" that are no list.')
  return streams.map((stream, index) => {
    if (!isObject(stream) || !Array.isArray(stream.values ?? [])) {
      throw new AppError('invalid', `Stream ${index} has no "values".`)
    }
    const labels = isObject(stream.stream) ? stream.stream : {}
    const values = Array.isArray(stream.values) ? stream.values : []
    return { labels, entries: values.map((value, at) => readJsonEntry(value, `streams/${index}/values/${at}`)) }
  })
}

function readJsonEntry(value: Json, pointer: string): Entry {
  const [ns, line, metadata] = Array.isArray(value) ? value : []
  if (typeof ns !== 'string' || !/^\d{1,20}$/.test(ns) || typeof line !== 'string') {
    throw new AppError('invalid', `${pointer}: an entry is ["<nanoseconds as text>", "line"].`)
  }
  return { ns: BigInt(ns), line, metadata: isObject(metadata) ? metadata : {} }
}

/** PushRequest of grafana/loki pkg/push/push.proto. */
function readProtobuf(body: Uint8Array): Stream[] {
  const streams: Stream[] = []
  for (const field of fieldsOf(body)) {
    if (field.number !== 1) continue
    const stream: Stream = { labels: {}, entries: [] }
    for (const part of fieldsOf(messageOf(field))) {
      if (part.number === 1) stream.labels = parseLabels(textOf(part))
      else if (part.number === 2) stream.entries.push(readEntry(messageOf(part)))
    }
    streams.push(stream)
  }
  return streams
}

function readEntry(message: Uint8Array): Entry {
  const entry: Entry = { ns: 0n, line: '', metadata: {} }
  for (const field of fieldsOf(message)) {
    if (field.number === 1) entry.ns = readTimestamp(messageOf(field))
    else if (field.number === 2) entry.line = textOf(field)
    else if (field.number === 3) {
      let name = ''
      let value = ''
      for (const part of fieldsOf(messageOf(field))) {
        if (part.number === 1) name = textOf(part)
        else if (part.number === 2) value = textOf(part)
      }
      if (name !== '__proto__') entry.metadata[name] = value
    }
  }
  return entry
}

function readTimestamp(message: Uint8Array): bigint {
  let ns = 0n
  for (const field of fieldsOf(message)) {
    if (field.number === 1) ns += integerOf(field) * 1_000_000_000n
    else if (field.number === 2) ns += integerOf(field)
  }
  return ns
}

const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_.:-]{0,199})\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|\}|$)/y

/** `{job="kernel", host="db-prod-01"}`, quoted as Go quotes. @throws AppError 'invalid' */
export function parseLabels(text: string): JsonObject {
  const labels: JsonObject = {}
  const start = text.indexOf('{')
  if (start < 0 || /^\s*\{\s*\}\s*$/.test(text)) return labels
  LABEL.lastIndex = start + 1
  for (;;) {
    const match = LABEL.exec(text)
    if (!match) throw new AppError('invalid', `The labels of a stream are broken: ${text.slice(0, 100)}`)
    const [, name = '', quoted = '', end] = match
    if (name !== '__proto__') labels[name] = unquote(quoted)
    if (end !== ',') return labels
    if (/^\s*\}?\s*$/.test(text.slice(LABEL.lastIndex, LABEL.lastIndex + 8))) return labels
  }
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' }

/** Go's strconv.Quote, undone. */
function unquote(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/gi, (_, byte, unit, char) =>
    char === undefined ? String.fromCharCode(Number.parseInt(byte ?? unit, 16)) : (ESCAPES[char] ?? char),
  )
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
