import { asString, decodeText, isObject, type JsonObject, parseJsonSequence } from '@/lib/ingest/protocols/json'
import { cleanHost, find, type RecordContext } from '@/lib/ingest/protocols/log-record'
import {
  type Decoded,
  noContent,
  nothingDecoded,
  type Protocol,
  type WireLine,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { recordContext } from '@/lib/ingest/protocols/records'
import { readWireTime } from '@/lib/ingest/protocols/wire-time'

function decode(request: WireRequest): Decoded {
  const decoded = nothingDecoded()
  const context = recordContext(request)
  for (const value of parseJsonSequence(decodeText(request.body))) {
    for (const event of eventsIn(value)) {
      decoded.items += 1
      const line = lineOf(event, context)
      if (line) decoded.lines.push(line)
    }
  }
  return decoded
}

/** A bare Event, an EventList, or one wrapped by an exporter (`{event: …}`, `{object: …}` of a watch). */
function eventsIn(value: unknown): JsonObject[] {
  if (!isObject(value)) return []
  if (Array.isArray(value.items)) return value.items.filter(isObject)
  if (isObject(value.event)) return [value.event]
  return [isObject(value.object) && value.reason === undefined ? value.object : value]
}

/** In kubelet's own words for its events, which is how node logs carry them: `Event(…): type: '…' reason: '…' …`. */
function lineOf(event: JsonObject, context: RecordContext): WireLine | null {
  const reason = asString(event.reason)
  const message = asString(event.message) ?? asString(event.note)
  if (reason === null || message === null) return null
  const object = isObject(event.involvedObject)
    ? event.involvedObject
    : isObject(event.regarding)
      ? event.regarding
      : {}
  const times = [
    'lastTimestamp',
    'eventTime',
    'deprecatedLastTimestamp',
    'firstTimestamp',
    'metadata.creationTimestamp',
  ]
  const atNs = times.map((name) => readWireTime(find(event, [name]), context)).find((time) => time !== null) ?? null
  const part = (name: string) => (asString(object[name]) ?? '').replaceAll('"', '')
  const reference = `Kind:"${part('kind')}", Namespace:"${part('namespace')}", Name:"${part('name')}"`
  const uid = asString(find(event, ['metadata.uid']))
  const count = typeof event.count === 'number' ? event.count : 1
  return {
    host: nodeOf(event, object) ?? context.host,
    atNs,
    program: asString(find(event, ['source.component', 'reportingComponent', 'reportingController'])) ?? 'kubelet',
    pid: null,
    priority: event.type === 'Warning' ? 4 : 6,
    bootId: null,
    monotonicUs: null,
    text: `Event(v1.ObjectReference{${reference}}): type: '${asString(event.type) ?? 'Normal'}' reason: '${reason}' ${message}`
      .replace(/\s+/g, ' ')
      .slice(0, 8_000),
    key: uid === null ? undefined : `${uid} ${count}`,
  }
}

/** The node an event is about, or on which it was seen. */
function nodeOf(event: JsonObject, object: JsonObject): string | null {
  if (object.kind === 'Node') return cleanHost(object.name)
  return cleanHost(find(event, ['source.host', 'deprecatedSource.host', 'reportingInstance', 'nodeName']))
}

export const kubernetes: Protocol = {
  name: 'kubernetes',
  aliases: ['k8s'],
  title: 'Kubernetes events',
  snapshotToleranceMs: 0,
  senders: [
    {
      name: 'kubernetes-event-exporter',
      versionSeen: null,
      tested: 'specification',
      gives: ['log'],
      file: 'config.yaml',
      configuration: (url, token) =>
        [
          'route: { routes: [{ match: [{ receiver: oomscope, reason: "OOMKilling|SystemOOM|Evicted|BackOff|Killing" }] }] }',
          'receivers:',
          '  - name: oomscope',
          '    webhook:',
          `      endpoint: ${url}/api/ingest/kubernetes`,
          `      headers: { Authorization: "Bearer ${token}" }`,
        ].join('\n'),
      remark: "An event tells of a kill and seldom of its report: ship the nodes' kernel log too.",
    },
  ],
  decode,
  accept: () => noContent,
}
