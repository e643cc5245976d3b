import { AppError } from '@/lib/errors'
import { isObject, type Json, type JsonObject, parseJsonObject } from '@/lib/ingest/protocols/json'
import { fieldsOf, integerOf, messageOf, textOf } from '@/lib/ingest/protocols/protobuf'

/** The entries of a push that have the same labels. */
export interface Stream {
  labels: JsonObject
  entries: Entry[]
}

export interface Entry {
  /** Since 1970, as the sender stamped the line. */
  ns: bigint
  line: string
  /** Structured metadata: labels of the one line. */
  metadata: JsonObject
}

/** A push as JSON. @throws AppError 'invalid'; a numeric timestamp is refused as Loki does */
export function readPushJson(text: string): Stream[] {
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

/** PushRequest of grafana/loki pkg/push/push.proto. @throws AppError 'invalid' */
export function readPushProtobuf(body: Uint8Array): Stream[] {
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
