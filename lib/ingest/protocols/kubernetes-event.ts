import { asNumber, asString, isObject, type JsonObject, parseJsonObject } from '@/lib/ingest/protocols/json'
import { cleanHost, find, linesOfRecord } from '@/lib/ingest/protocols/log-record'
import type { RecordContext } from '@/lib/ingest/protocols/own-envelope'
import type { WireLine } from '@/lib/ingest/protocols/protocol'
import { readWireTime } from '@/lib/ingest/protocols/wire-time'

/** A bare Event, an EventList, or one wrapped by an exporter (`{event: …}`, `{object: …}` of a watch). */
export function eventsIn(value: unknown): JsonObject[] {
  if (!isObject(value)) return []
  if (Array.isArray(value.items)) return value.items.filter(isObject)
  if (isObject(value.event)) return [value.event]
  return [isObject(value.object) && value.reason === undefined ? value.object : value]
}

/** In kubelet's own words for its events, which is how node logs carry them: `Event(…): type: '…' reason: '…' …`. */
export function lineOfEvent(event: JsonObject, context: RecordContext): WireLine | null {
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

/** The lines of a record that may be an event, or a watch's word of one: collectors carry both through one pipe. */
export function linesOfRecordOrEvent(record: JsonObject, context: RecordContext): WireLine[] {
  const events = eventsIn(record).filter(isEvent)
  if (events.length === 0) return linesOfRecord(record, context)
  return events.map((event) => lineOfEvent(event, context)).filter((line) => line !== null)
}

function isEvent(record: JsonObject): boolean {
  return typeof record.reason === 'string' && (isObject(record.involvedObject) || isObject(record.regarding))
}

// name=node-7 kind=Node reason=OOMKilling type=Warning count=1 sourcehost=node-7 msg="Killed process …"
const PAIR = /(?:^| )([a-zA-Z]{1,32})=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g

/**
 * An event as Grafana's agents write it into a line, as logfmt or JSON (loki.source.kubernetes_events), in the shape of
 * Kubernetes; null for every other line.
 */
export function readFlatEvent(line: string): JsonObject | null {
  if (!/\bkind"?[=:]/.test(line) || !/\breason"?[=:]/.test(line)) return null
  const { kind, name, reason, type, count, msg, sourcecomponent, sourcehost, reportinginstance } = flatFields(line)
  if (!asString(kind) || !asString(reason) || !asString(msg)) return null
  return {
    reason: reason ?? null,
    message: msg ?? null,
    type: type ?? null,
    count: asNumber(count),
    involvedObject: { kind: kind ?? null, name: name ?? null },
    source: { component: sourcecomponent ?? null, host: asString(sourcehost) ?? reportinginstance ?? null },
  }
}

function flatFields(line: string): JsonObject {
  if (!line.startsWith('{')) {
    return Object.fromEntries(
      [...line.matchAll(PAIR)].map(([, name = '', quoted, bare = '']) => [
        name,
        quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1'),
      ]),
    )
  }
  try {
    return parseJsonObject(line)
  } catch {
    return {}
  }
}
