import { AppError, ERROR_CODES } from '@/lib/errors'
import { asString, decodeText, isObject, type JsonObject } from '@/lib/ingest/protocols/json'
import { linesOfRecordOrEvent } from '@/lib/ingest/protocols/kubernetes-event'
import { cleanHost, find, hostOf, linesOfMessage } from '@/lib/ingest/protocols/log-record'
import {
  type LogRecord,
  readLogsJson,
  readLogsProtobuf,
  readMetricsJson,
  readMetricsProtobuf,
} from '@/lib/ingest/protocols/otlp-messages'
import { hostOfResource, processOf, readingsOf } from '@/lib/ingest/protocols/otlp-metrics'
import { collectedFrom, type RecordContext } from '@/lib/ingest/protocols/own-envelope'
import {
  type Answer,
  type Decoded,
  jsonAnswer,
  nothingDecoded,
  type Protocol,
  type WireLine,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { recordContext } from '@/lib/ingest/protocols/records'
import { MISPLACED, placeNs } from '@/lib/ingest/protocols/wire-time'

const NO_HOST = 'No host.name: add the resource detector (env, system), or say ?host= in the address.'

function decode(request: WireRequest): Decoded {
  const signal = /(?:^|\/)v1\/(logs|metrics|traces)$/.exec(request.path)?.[1]
  if (signal === 'logs') return decodeLogs(request)
  if (signal === 'metrics') return decodeMetrics(request)
  if (signal === 'traces') {
    return { ...nothingDecoded(), remarks: ['Traces say nothing about memory; they are not kept.'] }
  }
  throw new AppError('not-found', 'OTLP exporters post to v1/logs and v1/metrics.')
}

/** The answer must be in the encoding of the request; what the bytes are decides where the header is silent. */
function isJson({ headers, body }: Pick<WireRequest, 'headers' | 'body'>): boolean {
  const type = (headers.get('content-type') ?? '').toLowerCase()
  if (type.includes('json')) return true
  return !type.includes('protobuf') && body.find((byte) => byte > 0x20) === 0x7b
}

function decodeLogs(request: WireRequest): Decoded {
  const decoded = nothingDecoded()
  if (request.body.length === 0) return decoded
  const resources = isJson(request) ? readLogsJson(decodeText(request.body)) : readLogsProtobuf(request.body)
  const context = recordContext(request)
  let unnamed = 0
  for (const { attributes, records } of resources) {
    const host = hostOfResource(attributes) ?? context.host
    for (const record of records) {
      decoded.items += 1
      const lines = linesOf(record, { ...context, host }, attributes)
      if (lines.some((line) => line.host === null)) unnamed += 1
      decoded.lines.push(...lines)
    }
  }
  if (unnamed > 0) decoded.remarks.push(NO_HOST)
  return decoded
}

function linesOf(record: LogRecord, context: RecordContext, resource: JsonObject): WireLine[] {
  const event = eventOf(record, resource)
  if (event !== null) return linesOfRecordOrEvent(event, context)
  const ns = record.timeNs > 0n ? record.timeNs : record.observedNs
  const about = {
    host: context.host ?? hostOf(record.attributes),
    atNs: placeNs(ns, context.receivedAt),
    program: programOf(record, resource),
    pid: null,
    priority: severityOf(record.severity),
    bootId: null,
    monotonicUs: null,
  }
  if (typeof record.body === 'string') return linesOfMessage(record.body, about, context)
  if (!isObject(record.body)) return []
  // The journald receiver sends the entry itself as the body.
  return linesOfRecordOrEvent(record.body, { ...context, host: about.host }).map((line) => ({
    ...line,
    atNs: line.atNs ?? about.atNs,
    program: line.program ?? about.program,
    priority: line.priority ?? about.priority,
  }))
}

/** A Kubernetes event as the Collector's k8s_events receiver takes it apart; null for every other record. */
function eventOf({ attributes, body, timeNs, severity }: LogRecord, resource: JsonObject): JsonObject | null {
  const reason = asString(attributes['k8s.event.reason'])
  if (reason === null || typeof body !== 'string') return null
  return {
    reason,
    message: body,
    type: severity >= 13 ? 'Warning' : 'Normal',
    count: attributes['k8s.event.count'] ?? null,
    lastTimestamp: String(timeNs),
    metadata: { uid: attributes['k8s.event.uid'] ?? null },
    involvedObject: {
      kind: resource['k8s.object.kind'] ?? null,
      name: resource['k8s.object.name'] ?? null,
      namespace: attributes['k8s.namespace.name'] ?? null,
    },
    source: { host: resource['k8s.node.name'] ?? null },
  }
}

function programOf({ attributes, body }: LogRecord, resource: JsonObject): string | null {
  const named = asString(find(attributes, ['appname', 'syslog.appname', 'SYSLOG_IDENTIFIER', 'process.name']))
  if (named !== null) return named
  const service = asString(resource['service.name'])
  if (service === 'kernel') return service
  const file = asString(find(attributes, ['log.file.path', 'log.file.name']))
  const isNamed = service !== null && !service.startsWith('unknown_service')
  return collectedFrom(isNamed ? service : null, file, typeof body === 'string' ? body : '')
}

/** OTLP's 1 to 24 (trace … fatal, four steps each) as syslog's. */
function severityOf(number: number): number | null {
  if (number < 1 || number > 24) return null
  return [7, 7, 6, 4, 3, 2][Math.floor((number - 1) / 4)] ?? null
}

function decodeMetrics(request: WireRequest): Decoded {
  const decoded = nothingDecoded()
  if (request.body.length === 0) return decoded
  const resources = isJson(request) ? readMetricsJson(decodeText(request.body)) : readMetricsProtobuf(request.body)
  let misplaced = 0
  let unnamed = 0
  for (const resource of resources) {
    decoded.items += resource.metrics.reduce((sum, metric) => sum + metric.points.length, 0)
    const host = hostOfResource(resource.attributes) ?? cleanHost(request.query.get('host') ?? undefined)
    if (host === null) {
      unnamed += 1
      continue
    }
    const found = readingsOf(resource, host, request.receivedAt)
    misplaced += found.misplaced
    decoded.readings.push(...found.readings)
    const process = processOf(resource, host, request.receivedAt)
    if (process) decoded.processes.push(process)
  }
  if (misplaced > 0) {
    decoded.refused.push({ count: misplaced, why: MISPLACED })
  }
  if (unnamed > 0) decoded.remarks.push(`${unnamed} resources were passed over. ${NO_HOST}`)
  return decoded
}

/** Export…ServiceResponse: empty, or with the partial success that tells what was refused and why. */
function accept(request: WireRequest, decoded: Decoded): Answer {
  const refused = decoded.refused.reduce((sum, part) => sum + part.count, 0)
  const message = [...decoded.refused.map((part) => part.why), ...decoded.remarks].join(' ')
  const member = request.path.endsWith('logs') ? 'rejectedLogRecords' : 'rejectedDataPoints'
  if (isJson(request)) {
    const partialSuccess = { [member]: String(refused), errorMessage: message }
    return jsonAnswer(200, message === '' ? {} : { partialSuccess })
  }
  const body =
    message === '' ? new Uint8Array() : delimited(1, Buffer.concat([varintField(1, refused), text(2, message)]))
  return { status: 200, contentType: 'application/x-protobuf', body }
}

const INVALID_ARGUMENT = 3

/** google.rpc.Status in the encoding of the request; codes of google/rpc/code.proto. */
function refuse(request: WireRequest, problem: AppError): Answer {
  const codes = { unauthorized: 16, forbidden: 7, 'not-found': 5, 'too-many-requests': 8, unavailable: 14 }
  const code = Object.entries(codes).find(([name]) => name === problem.code)?.[1] ?? INVALID_ARGUMENT
  const { status } = ERROR_CODES[problem.code]
  if (isJson(request)) return jsonAnswer(status, { code, message: problem.detail })
  const body = Buffer.concat([varintField(1, code), text(2, problem.detail)])
  return { status, contentType: 'application/x-protobuf', body }
}

function varintField(number: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.concat([varint(number << 3), varint(value)])
}

function text(number: number, value: string): Buffer {
  return delimited(number, Buffer.from(value))
}

function delimited(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

export const otlp: Protocol = {
  name: 'otlp',
  aliases: ['opentelemetry', 'otel'],
  title: 'OpenTelemetry (OTLP/HTTP)',
  // The Collector's scrapers of one interval have clocks of their own.
  snapshotToleranceMs: 1_000,
  senders: [
    {
      name: 'OpenTelemetry Collector',
      versionSeen: null,
      tested: 'specification',
      gives: ['log', 'memory', 'processes'],
      file: 'config.yaml',
      configuration: (url, token) =>
        [
          'exporters:',
          '  otlphttp/oomscope:',
          `    endpoint: ${url}/api/ingest/otlp`,
          `    headers: { Authorization: "Bearer ${token}" }`,
          'receivers:',
          '  journald: { units: [], matches: [{ _TRANSPORT: kernel }] }',
          '  hostmetrics:',
          '    collection_interval: 10s',
          '    scrapers: { memory: { metrics: { system.linux.memory.available: { enabled: true } } }, paging: {}, load: {} }',
          'processors: { resourcedetection: { detectors: [env, system] } }',
          'service:',
          '  pipelines:',
          '    logs: { receivers: [journald], processors: [resourcedetection], exporters: [otlphttp/oomscope] }',
          '    metrics: { receivers: [hostmetrics], processors: [resourcedetection], exporters: [otlphttp/oomscope] }',
        ].join('\n'),
      remark: 'By default the Collector does not send what is available; the lines above switch it on.',
    },
    {
      name: 'OpenTelemetry JS',
      versionSeen: '0.223',
      tested: 'live',
      gives: ['log', 'memory'],
      file: 'shell',
      configuration: (url, token) =>
        [
          `export OTEL_EXPORTER_OTLP_ENDPOINT=${url}/api/ingest/otlp`,
          `export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20${token}"`,
          'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
          'export OTEL_NODE_RESOURCE_DETECTORS=env,host,os',
        ].join('\n'),
      remark: 'Its "free" memory is what is available; no free memory of the kernel is shown for such a host.',
    },
  ],
  decode,
  accept,
  refuse,
}
