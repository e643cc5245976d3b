import { type AppError, ERROR_CODES } from '@/lib/errors'
import { asNumber, decodeText, isObject, type JsonObject, parseJsonSequence } from '@/lib/ingest/protocols/json'
import { cleanHost } from '@/lib/ingest/protocols/log-record'
import { TELEGRAF } from '@/lib/ingest/protocols/metric-names'
import {
  type Answer,
  type Decoded,
  jsonAnswer,
  noContent,
  nothingDecoded,
  type Protocol,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { isPlausibleMs, MISPLACED, nsToMs, readWireTime } from '@/lib/ingest/protocols/wire-time'
import type { EpochMs } from '@/lib/units'

interface Point {
  measurement: string
  tags: ReadonlyMap<string, string>
  fields: ReadonlyMap<string, number>
  /** Null: the moment of arrival. */
  at: EpochMs | null
}

const PRECISIONS: Record<string, number> = {
  n: 1e6,
  ns: 1e6,
  u: 1e3,
  us: 1e3,
  µ: 1e3,
  ms: 1,
  s: 1e-3,
  m: 1 / 60_000,
  h: 1 / 3_600_000,
}

function decode(request: WireRequest): Decoded {
  const decoded = nothingDecoded()
  const text = decodeText(request.body)
  const isJson = /^\s*[{[]/.test(text)
  const broken: number[] = []
  const points = isJson ? jsonPoints(text, request) : linePoints(text, request, broken)
  for (const point of points) {
    decoded.items += 1
    addReadings(decoded, point, request)
  }
  if (broken.length > 0) {
    decoded.refused.push({ count: broken.length, why: `Line ${broken[0]} is not line protocol.` })
  }
  return decoded
}

function addReadings(decoded: Decoded, point: Point, request: WireRequest): void {
  const host = cleanHost(point.tags.get('host') ?? point.tags.get('hostname') ?? request.query.get('host') ?? undefined)
  if (host === null) return
  const at = point.at ?? request.receivedAt
  if (!isPlausibleMs(at, request.receivedAt)) {
    decoded.refused.push({ count: 1, why: MISPLACED })
    return
  }
  if (point.measurement === 'pressure') addPressure(decoded, point, host, at)
  if (point.measurement === 'procstat') addProcess(decoded, point, host, at)
  const meanings = TELEGRAF[point.measurement]
  if (meanings === undefined) return
  for (const [name, value] of point.fields) {
    const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined
    if (meaning === undefined) continue
    decoded.readings.push({ host, at, value, ...meaning })
  }
}

/** Telegraf's kernel input with collect = ["psi"]. */
function addPressure(decoded: Decoded, { tags, fields }: Point, host: string, at: EpochMs): void {
  const value = fields.get('avg10')
  if (tags.get('resource') !== 'memory' || value === undefined) return
  const field = tags.get('type') === 'full' ? 'psiMemFullAvg10' : tags.get('type') === 'some' ? 'psiMemSomeAvg10' : null
  if (field !== null) decoded.readings.push({ host, at, field, value })
}

function addProcess(decoded: Decoded, { tags, fields }: Point, host: string, at: EpochMs): void {
  const pid = fields.get('pid') ?? asNumber(tags.get('pid'))
  const rss = fields.get('memory_rss')
  if (pid === null || pid === undefined || rss === undefined) return
  const row = {
    pid,
    comm: tags.get('process_name') ?? tags.get('exe') ?? '',
    user: tags.get('user') ?? null,
    ppid: fields.get('ppid') ?? null,
    rssKib: rss / 1024,
    swapKib: kib(fields.get('memory_swap')),
    vszKib: kib(fields.get('memory_vms')),
    args: null,
  }
  const list = decoded.processes.find((known) => known.host === host && known.at === at)
  if (list) list.rows.push(row)
  else decoded.processes.push({ host, at, rows: [row] })
}

function kib(bytes: number | undefined): number | null {
  return bytes === undefined ? null : bytes / 1024
}

/** Telegraf's JSON: one metric an object, or a batch `{"metrics":[…]}`. */
function* jsonPoints(text: string, request: WireRequest): Generator<Point> {
  for (const value of parseJsonSequence(text)) {
    if (!isObject(value)) continue
    const metrics = Array.isArray(value.metrics) ? value.metrics.filter(isObject) : [value]
    for (const metric of metrics) {
      const point = jsonPoint(metric, request)
      if (point) yield point
    }
  }
}

function jsonPoint(metric: JsonObject, request: WireRequest): Point | null {
  if (typeof metric.name !== 'string' || !isObject(metric.fields)) return null
  const ns = readWireTime(metric.timestamp, { receivedAt: request.receivedAt, zone: null })
  return {
    measurement: metric.name,
    tags: new Map(Object.entries(isObject(metric.tags) ? metric.tags : {}).map(([key, value]) => [key, String(value)])),
    fields: numbers(Object.entries(metric.fields)),
    at: ns === null ? null : nsToMs(ns),
  }
}

function numbers(entries: [string, unknown][]): Map<string, number> {
  return new Map(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
}

function* linePoints(text: string, request: WireRequest, broken: number[]): Generator<Point> {
  const perMs = PRECISIONS[request.query.get('precision') ?? 'ns'] ?? 1e6
  let number = 0
  for (const line of text.split('\n')) {
    number += 1
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const point = readLine(trimmed, perMs)
    if (point) yield point
    else broken.push(number)
  }
}

/** `measurement,tag=value field=1i,other="text" 1795488312000000000`; a backslash keeps the next character. */
function readLine(line: string, perMs: number): Point | null {
  const [head, fieldSet, stamp, ...rest] = split(line, ' ').filter((part) => part !== '')
  if (head === undefined || fieldSet === undefined || rest.length > 0) return null
  const [measurement, ...tags] = split(head, ',')
  if (stamp !== undefined && !/^-?\d{1,20}$/.test(stamp)) return null
  const fields = new Map<string, number>()
  for (const pair of split(fieldSet, ',')) {
    const cut = split(pair, '=')
    const [name, value] = cut
    if (cut.length !== 2 || name === undefined || value === undefined || name === '' || value === '') return null
    const number = /^-?\d[\d.eE+-]*[iu]?$/.test(value) ? Number(value.replace(/[iu]$/, '')) : Number.NaN
    if (Number.isFinite(number)) fields.set(withoutBackslashes(name), number)
  }
  const pairs = tags.map((tag) => split(tag, '='))
  if (pairs.some((pair) => pair.length !== 2)) return null
  return {
    measurement: withoutBackslashes(measurement ?? ''),
    tags: new Map(pairs.map(([name = '', value = '']) => [withoutBackslashes(name), withoutBackslashes(value)])),
    fields,
    at: stamp === undefined ? null : Math.round(Number(stamp) / perMs),
  }
}

/** Cuts where the separator stands bare: not escaped, not inside quotes. */
function split(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  let isQuoted = false
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]
    if (char === '\\') index += 1
    else if (char === '"') isQuoted = !isQuoted
    else if (char === separator && !isQuoted) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

function withoutBackslashes(text: string): string {
  return text.replace(/\\(.)/g, '$1')
}

/** Lines that were understood are kept; the first that was not is named, as InfluxDB does. */
function accept(_request: WireRequest, decoded: Decoded): Answer {
  const [refused] = decoded.refused
  return refused
    ? jsonAnswer(400, { code: 'invalid', message: `partial write: ${refused.why}`, error: refused.why })
    : noContent
}

function refuse(_request: WireRequest, problem: AppError): Answer {
  return jsonAnswer(ERROR_CODES[problem.code].status, {
    code: problem.code,
    message: problem.detail,
    error: problem.detail,
  })
}

export const influx: Protocol = {
  name: 'influx',
  aliases: ['telegraf', 'influxdb'],
  title: 'InfluxDB line protocol',
  snapshotToleranceMs: 1_000,
  senders: [
    {
      name: 'Telegraf',
      versionSeen: null,
      tested: 'specification',
      gives: ['memory', 'processes'],
      file: 'telegraf.conf',
      configuration: (url, token) =>
        [
          '[[outputs.influxdb_v2]]',
          `  urls = ["${url}/api/ingest/influx"]`,
          `  token = "${token}"`,
          '  organization = "oomscope"',
          '  bucket = "memory"',
          '[[inputs.mem]]',
          '[[inputs.swap]]',
          '[[inputs.system]]',
          '[[inputs.kernel_vmstat]]',
          '[[inputs.kernel]]',
          '  collect = ["psi"]',
        ].join('\n'),
      remark: null,
    },
  ],
  decode,
  accept,
  refuse,
  greet({ method, path }) {
    if (/^(?:ping|health)$/.test(path)) {
      return path === 'ping'
        ? { ...noContent, headers: { 'X-Influxdb-Version': 'oomscope' } }
        : jsonAnswer(200, { name: 'oomscope', status: 'pass' })
    }
    // Telegraf creates its database first (1.x); there is none to create.
    return path === 'query' && (method === 'POST' || method === 'GET')
      ? jsonAnswer(200, { results: [{ statement_id: 0 }] })
      : null
  },
}
