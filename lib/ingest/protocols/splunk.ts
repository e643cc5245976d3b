import { type AppError, ERROR_CODES } from '@/lib/errors'
import { asString, decodeText, isObject, type JsonObject, parseJsonSequence } from '@/lib/ingest/protocols/json'
import { linesOfRecordOrEvent } from '@/lib/ingest/protocols/kubernetes-event'
import { cleanHost, linesOfMessage } from '@/lib/ingest/protocols/log-record'
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
import { linesOfPlainText, recordContext } from '@/lib/ingest/protocols/records'
import { readWireTime } from '@/lib/ingest/protocols/wire-time'

function decode(request: WireRequest): Decoded {
  const decoded = nothingDecoded()
  const context = recordContext(request)
  const text = decodeText(request.body)
  if (/(?:^|\/)raw(?:\/|$)/.test(request.path)) {
    decoded.lines = linesOfPlainText(text, context)
    decoded.items = decoded.lines.length
    return decoded
  }
  for (const event of parseJsonSequence(text)) {
    decoded.items += 1
    // A metric travels as an event that has no words: {"event": "metric", "fields": {"metric_name:…": 1}}.
    if (isObject(event) && event.event === 'metric') continue
    const lines = isObject(event) ? linesOf(event, context) : []
    if (lines.length === 0) decoded.refused.push({ count: 1, why: 'The event is empty.' })
    decoded.lines.push(...lines)
  }
  return decoded
}

/** `{time, host, source, sourcetype, event, fields}`; the event is a text, or an object as Docker's driver sends it. */
function linesOf(event: JsonObject, context: RecordContext): WireLine[] {
  const host = cleanHost(event.host) ?? context.host
  const atNs = readWireTime(event.time, context)
  const payload = event.event
  if (isObject(payload)) {
    return linesOfRecordOrEvent(payload, { ...context, host }).map((line) => ({
      ...line,
      // Docker's driver puts the engine's host beside the event and the container's inside.
      host: host ?? line.host,
      atNs: line.atNs ?? atNs,
      program: line.program ?? programOf(event, line.text),
    }))
  }
  if (typeof payload !== 'string') return []
  const about = {
    host,
    atNs,
    program: programOf(event, payload),
    pid: null,
    priority: null,
    bootId: null,
    monotonicUs: null,
  }
  return linesOfMessage(payload, about, context)
}

function programOf(event: JsonObject, text: string): string | null {
  const type = asString(event.sourcetype)
  if (type !== null && /kern|dmesg/i.test(type)) return 'kernel'
  return collectedFrom(null, asString(event.source), text)
}

const CODES: Partial<Record<AppError['code'], { code: number; text: string }>> = {
  unauthorized: { code: 4, text: 'Invalid token' },
  forbidden: { code: 1, text: 'Token disabled' },
  'too-large': { code: 27, text: 'Request entity too large' },
  unavailable: { code: 9, text: 'Server is busy' },
  'too-many-requests': { code: 9, text: 'Server is busy' },
}

function refuse(_request: WireRequest, problem: AppError): Answer {
  const known = CODES[problem.code] ?? { code: 6, text: 'Invalid data format' }
  return jsonAnswer(ERROR_CODES[problem.code].status, { ...known, detail: problem.detail })
}

export const splunk: Protocol = {
  name: 'splunk',
  aliases: ['hec'],
  title: 'Splunk HTTP Event Collector',
  snapshotToleranceMs: 0,
  senders: [
    {
      name: 'Docker splunk driver',
      versionSeen: null,
      tested: 'specification',
      gives: ['log'],
      file: '/etc/docker/daemon.json',
      configuration: (url, token) =>
        JSON.stringify(
          {
            'log-driver': 'splunk',
            'log-opts': {
              'splunk-url': `${url}/api/ingest/splunk`,
              'splunk-token': token,
              'splunk-format': 'raw',
              'splunk-verify-connection': 'false',
            },
          },
          null,
          2,
        ),
      remark: null,
    },
  ],
  decode,
  accept: () => jsonAnswer(200, { text: 'Success', code: 0 }),
  refuse,
  greet: ({ method, path }) =>
    (method === 'GET' || method === 'OPTIONS') && /(?:^|\/)(?:health(?:\/1\.0)?|collector|event)$/.test(path)
      ? jsonAnswer(200, { text: 'HEC is healthy', code: 17 })
      : null,
}
