import { AppError } from '@/lib/errors'
import { asNumber, asString, isObject, type Json, type JsonObject, parseJsonObject } from '@/lib/ingest/protocols/json'
import { doubleOf, fieldsOf, integerOf, messageOf, textOf } from '@/lib/ingest/protocols/protobuf'

/** Attributes with plain values; 64-bit integers beyond 2^53 are rounded. */
export interface Resource {
  attributes: JsonObject
}

export interface LogRecord {
  timeNs: bigint
  observedNs: bigint
  severity: number
  body: Json
  attributes: JsonObject
}

export interface Metric {
  name: string
  /** The instrumentation that measured it; empty when it does not say. */
  scope: string
  kind: 'gauge' | 'sum'
  /** A counter that only grows. */
  isMonotonic: boolean
  /** True when a point counts since the point before, not since the start. */
  isDelta: boolean
  points: Point[]
}

export interface Point {
  timeNs: bigint
  value: number
  attributes: JsonObject
}

export interface ResourceLogs extends Resource {
  records: LogRecord[]
}

export interface ResourceMetrics extends Resource {
  metrics: Metric[]
}

const DELTA = 1
const DEPTH_LIMIT = 16
/** Each level of a value is five of JSON: {kvlistValue: {values: [{value: …}]}}. */
const JSON_DEPTH_LIMIT = 10 + 5 * DEPTH_LIMIT

/** opentelemetry/proto/collector/logs/v1/logs_service.proto, ExportLogsServiceRequest, as JSON. @throws AppError 'invalid' */
export function readLogsJson(text: string): ResourceLogs[] {
  return objects(parseJsonObject(text, JSON_DEPTH_LIMIT).resourceLogs).map((entry) => ({
    attributes: jsonAttributes(isObject(entry.resource) ? entry.resource.attributes : undefined),
    records: objects(entry.scopeLogs ?? entry.instrumentationLibraryLogs).flatMap((scope) =>
      objects(scope.logRecords).map((record) => ({
        timeNs: jsonInteger(record.timeUnixNano),
        observedNs: jsonInteger(record.observedTimeUnixNano),
        severity: asNumber(record.severityNumber) ?? 0,
        body: jsonValue(record.body),
        attributes: jsonAttributes(record.attributes),
      })),
    ),
  }))
}

/** metrics_service.proto, ExportMetricsServiceRequest, as JSON: gauges and sums. @throws AppError 'invalid' */
export function readMetricsJson(text: string): ResourceMetrics[] {
  return objects(parseJsonObject(text, JSON_DEPTH_LIMIT).resourceMetrics).map((entry) => ({
    attributes: jsonAttributes(isObject(entry.resource) ? entry.resource.attributes : undefined),
    metrics: objects(entry.scopeMetrics ?? entry.instrumentationLibraryMetrics).flatMap((scope) =>
      objects(scope.metrics).flatMap((metric) => jsonMetric(metric, scopeName(scope))),
    ),
  }))
}

function scopeName(holder: JsonObject): string {
  const scope = holder.scope ?? holder.instrumentationLibrary
  return (isObject(scope) ? asString(scope.name) : null) ?? ''
}

function jsonMetric(metric: JsonObject, scope: string): Metric[] {
  const name = asString(metric.name)
  const holder = isObject(metric.sum) ? metric.sum : metric.gauge
  if (name === null || !isObject(holder)) return []
  return [
    {
      name,
      scope,
      kind: isObject(metric.sum) ? 'sum' : 'gauge',
      isMonotonic: holder.isMonotonic === true,
      isDelta:
        holder.aggregationTemporality === DELTA || holder.aggregationTemporality === 'AGGREGATION_TEMPORALITY_DELTA',
      points: objects(holder.dataPoints).map((point) => ({
        timeNs: jsonInteger(point.timeUnixNano),
        value: asNumber(point.asDouble) ?? asNumber(point.asInt) ?? Number.NaN,
        attributes: jsonAttributes(point.attributes),
      })),
    },
  ]
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** 64-bit integers come as text or as numbers. */
function jsonInteger(value: Json | undefined): bigint {
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value)
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? BigInt(Math.round(value)) : 0n
}

function jsonAttributes(value: Json | undefined): JsonObject {
  return attributesOf(objects(value).map((pair) => [asString(pair.key) ?? '', jsonValue(pair.value)]))
}

function jsonValue(value: Json | undefined): Json {
  if (!isObject(value)) return null
  if (typeof value.stringValue === 'string') return value.stringValue
  if (value.intValue !== undefined) return asNumber(value.intValue)
  if (value.doubleValue !== undefined) return asNumber(value.doubleValue)
  if (typeof value.boolValue === 'boolean') return value.boolValue
  if (typeof value.bytesValue === 'string') return Buffer.from(value.bytesValue, 'base64').toString('utf8')
  if (isObject(value.arrayValue)) return objects(value.arrayValue.values).map(jsonValue)
  return isObject(value.kvlistValue) ? jsonAttributes(value.kvlistValue.values) : null
}

/** ExportLogsServiceRequest as protobuf. @throws AppError 'invalid' */
export function readLogsProtobuf(body: Uint8Array): ResourceLogs[] {
  return readResources(body, (scope) => {
    const records: LogRecord[] = []
    for (const field of fieldsOf(scope)) if (field.number === 2) records.push(protobufRecord(messageOf(field)))
    return records
  }).map(({ attributes, items }) => ({ attributes, records: items }))
}

/** ExportMetricsServiceRequest as protobuf: gauges and sums. @throws AppError 'invalid' */
export function readMetricsProtobuf(body: Uint8Array): ResourceMetrics[] {
  return readResources(body, (scope) => {
    const metrics: Omit<Metric, 'scope'>[] = []
    let name = ''
    for (const field of fieldsOf(scope)) {
      if (field.number === 1) name = protobufScopeName(messageOf(field))
      if (field.number !== 2) continue
      const metric = protobufMetric(messageOf(field))
      if (metric) metrics.push(metric)
    }
    return metrics.map((metric) => ({ ...metric, scope: name }))
  }).map(({ attributes, items }) => ({ attributes, metrics: items }))
}

/** Both requests have one shape down to the scope: {1: [{1: resource {1: attributes}, 2: [scope]}]}. */
function readResources<T>(
  body: Uint8Array,
  readScope: (scope: Uint8Array) => T[],
): { attributes: JsonObject; items: T[] }[] {
  const resources: { attributes: JsonObject; items: T[] }[] = []
  for (const field of fieldsOf(body)) {
    if (field.number !== 1) continue
    const resource: { attributes: JsonObject; items: T[] } = { attributes: {}, items: [] }
    for (const part of fieldsOf(messageOf(field))) {
      if (part.number === 1) resource.attributes = protobufAttributes(messageOf(part), 1, DEPTH_LIMIT)
      else if (part.number === 2) for (const item of readScope(messageOf(part))) resource.items.push(item)
    }
    resources.push(resource)
  }
  return resources
}

function protobufRecord(message: Uint8Array): LogRecord {
  const record: LogRecord = { timeNs: 0n, observedNs: 0n, severity: 0, body: null, attributes: {} }
  const pairs: [string, Json][] = []
  for (const field of fieldsOf(message)) {
    if (field.number === 1) record.timeNs = integerOf(field)
    else if (field.number === 11) record.observedNs = integerOf(field)
    else if (field.number === 2) record.severity = Number(integerOf(field))
    else if (field.number === 5) record.body = protobufValue(messageOf(field), DEPTH_LIMIT)
    else if (field.number === 6) pairs.push(protobufPair(messageOf(field), DEPTH_LIMIT))
  }
  return { ...record, attributes: attributesOf(pairs) }
}

function protobufScopeName(message: Uint8Array): string {
  let name = ''
  for (const field of fieldsOf(message)) if (field.number === 1) name = textOf(field)
  return name
}

function protobufMetric(message: Uint8Array): Omit<Metric, 'scope'> | null {
  let name = ''
  let found: Omit<Metric, 'name' | 'scope'> | null = null
  for (const field of fieldsOf(message)) {
    if (field.number === 1) name = textOf(field)
    else if (field.number === 5 || field.number === 7) {
      found = { kind: field.number === 7 ? 'sum' : 'gauge', isMonotonic: false, isDelta: false, points: [] }
      for (const part of fieldsOf(messageOf(field))) {
        if (part.number === 1) found.points.push(protobufPoint(messageOf(part)))
        else if (part.number === 2) found.isDelta = integerOf(part) === BigInt(DELTA)
        else if (part.number === 3) found.isMonotonic = integerOf(part) !== 0n
      }
    }
  }
  return found ? { name, ...found } : null
}

function protobufPoint(message: Uint8Array): Point {
  const point: Point = { timeNs: 0n, value: Number.NaN, attributes: {} }
  const pairs: [string, Json][] = []
  for (const field of fieldsOf(message)) {
    if (field.number === 3) point.timeNs = integerOf(field)
    else if (field.number === 4) point.value = doubleOf(field)
    else if (field.number === 6) point.value = Number(integerOf(field))
    else if (field.number === 7) pairs.push(protobufPair(messageOf(field), DEPTH_LIMIT))
  }
  return { ...point, attributes: attributesOf(pairs) }
}

function protobufAttributes(message: Uint8Array, number: number, depth: number): JsonObject {
  const pairs: [string, Json][] = []
  for (const field of fieldsOf(message)) {
    if (field.number === number) pairs.push(protobufPair(messageOf(field), depth))
  }
  return attributesOf(pairs)
}

function protobufPair(message: Uint8Array, depth: number): [string, Json] {
  let key = ''
  let value: Json = null
  for (const field of fieldsOf(message)) {
    if (field.number === 1) key = textOf(field)
    else if (field.number === 2) value = protobufValue(messageOf(field), depth - 1)
  }
  return [key, value]
}

/** AnyValue of common.proto. */
function protobufValue(message: Uint8Array, depth: number): Json {
  if (depth <= 0) throw new AppError('invalid', `A value nests deeper than ${DEPTH_LIMIT} levels.`)
  let value: Json = null
  for (const field of fieldsOf(message)) {
    if (field.number === 1) value = textOf(field)
    else if (field.number === 2) value = integerOf(field) !== 0n
    else if (field.number === 3) value = Number(integerOf(field))
    else if (field.number === 4) value = doubleOf(field)
    else if (field.number === 5) value = protobufArray(messageOf(field), depth)
    else if (field.number === 6) value = protobufAttributes(messageOf(field), 1, depth)
    else if (field.number === 7) value = textOf(field)
  }
  return value
}

function protobufArray(message: Uint8Array, depth: number): Json[] {
  const values: Json[] = []
  for (const field of fieldsOf(message)) {
    if (field.number === 1) values.push(protobufValue(messageOf(field), depth - 1))
  }
  return values
}

function attributesOf(pairs: [string, Json][]): JsonObject {
  const attributes: JsonObject = {}
  for (const [key, value] of pairs) if (key !== '' && key !== '__proto__') attributes[key] = value
  return attributes
}
