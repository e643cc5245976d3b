import { eventTimeUs } from '@/lib/ingest/protocols/journal-time'
import { asNumber, asString, isObject, type Json, type JsonObject, parseJsonObject } from '@/lib/ingest/protocols/json'
import { linesOfText, type RecordContext } from '@/lib/ingest/protocols/own-envelope'
import type { WireLine } from '@/lib/ingest/protocols/protocol'
import { placeNs, readWireTime, type TimeContext } from '@/lib/ingest/protocols/wire-time'

/**
 * Names under which log senders put the same thing, best first: systemd's journal, syslog-ng, rsyslog, Fluent Bit,
 * Vector, Filebeat (ECS), Docker, GELF and the common logger libraries. A dot reaches into an object, and is also tried
 * as part of a flat name.
 */
const NAMES = {
  text: [
    'MESSAGE',
    'message',
    'msg',
    'log',
    'short_message',
    'event.original',
    'body',
    'text',
    'line',
    'content',
    'rawmsg',
    'event',
  ],
  host: [
    '_HOSTNAME',
    'HOST',
    'host.name',
    'host.hostname',
    'hostname',
    'host',
    'HOSTNAME',
    'Hostname',
    'k8s.node.name',
    'kubernetes.node_name',
    'kubernetes.node.name',
    'kubernetes.host',
    'node_name',
    'nodename',
    'agent.hostname',
    'beat.hostname',
    'logsource',
    'source_host',
    'fromhost',
    'computer',
  ],
  time: [
    '@timestamp',
    'timestamp',
    'S_ISODATE',
    'ISODATE',
    'timereported',
    'R_ISODATE',
    'time',
    'date',
    'ts',
    'S_UNIXTIME',
    'UNIXTIME',
    'R_UNIXTIME',
    'datetime',
    'eventTime',
    'timegenerated',
    'S_DATE',
    'DATE',
    'R_DATE',
  ],
  program: [
    'SYSLOG_IDENTIFIER',
    'PROGRAM',
    'programname',
    'program',
    'syslogtag',
    'appname',
    'app_name',
    'APP-NAME',
    'app-name',
    'ident',
    'process.name',
    'process.program',
    'log.syslog.appname',
    'tag',
    '_COMM',
  ],
  pid: ['SYSLOG_PID', '_PID', 'PID', 'pid', 'procid', 'process.pid', 'log.syslog.procid'],
  priority: [
    'PRIORITY',
    'priority',
    'syslogseverity',
    'severity',
    'severity_text',
    'level',
    'log.level',
    'syslog_severity_code',
  ],
  bootId: ['_BOOT_ID'],
  monotonic: ['_SOURCE_MONOTONIC_TIMESTAMP', '__MONOTONIC_TIMESTAMP'],
} as const

const SEVERITIES: Record<string, number> = {
  emerg: 0,
  emergency: 0,
  panic: 0,
  fatal: 2,
  alert: 1,
  crit: 2,
  critical: 2,
  err: 3,
  error: 3,
  warn: 4,
  warning: 4,
  notice: 5,
  info: 6,
  informational: 6,
  debug: 7,
  trace: 7,
}

/** Levels of pino and bunyan. */
const PINO_SEVERITIES: Record<number, number> = { 10: 7, 20: 7, 30: 6, 40: 4, 50: 3, 60: 2 }

/**
 * The lines of one log record; none when it has no message. A message of several lines gives several.
 *
 * The journal's times and boot are exact; everyone else's time is the moment the line was carried, not the kernel's.
 */
export function linesOfRecord(record: JsonObject, context: RecordContext): WireLine[] {
  const text = messageOf(record)
  if (text === null) return []
  const about = circumstancesOf(record, context)
  return linesOfMessage(text, about, context)
}

/** The same for a message that is at hand already; one that is a record in JSON itself is unwrapped. */
export function linesOfMessage(text: string, about: Omit<WireLine, 'text'>, context: RecordContext): WireLine[] {
  const inner = parseRecord(text)
  const message = inner === null ? null : messageOf(inner)
  if (inner === null || message === null) return linesOfText(text, about, context)
  const said = circumstancesOf(inner, { ...context, host: null })
  const innermost = {
    // Who carried the record knows the machine; who wrote it knows the moment and the program.
    host: about.host ?? said.host,
    atNs: said.atNs ?? about.atNs,
    program: said.program ?? about.program,
    pid: said.pid ?? about.pid,
    priority: said.priority ?? about.priority,
    bootId: said.bootId ?? about.bootId,
    monotonicUs: said.monotonicUs ?? about.monotonicUs,
  }
  return linesOfText(message, innermost, context)
}

/** A line that is one JSON object, as logger libraries write it; null for every other. */
function parseRecord(text: string): JsonObject | null {
  if (!text.startsWith('{') || !text.trimEnd().endsWith('}')) return null
  try {
    return parseJsonObject(text)
  } catch {
    return null
  }
}

/** Everything about a record but its message. */
function circumstancesOf(record: JsonObject, context: RecordContext): Omit<WireLine, 'text'> {
  const kmsgUs = uptimeOfKmsg(record)
  const isKernel =
    kmsgUs !== null ||
    record._TRANSPORT === 'kernel' ||
    ['kern', 'kernel', 0, '0'].includes(
      plain(find(record, ['facility', 'FACILITY', 'SYSLOG_FACILITY', 'syslogfacility'])),
    )
  const program = programOf(record) ?? (isKernel ? 'kernel' : null)
  return {
    host: hostOf(record) ?? context.host,
    atNs: journalTimeOf(record, isKernel, context) ?? timeOf(record, context),
    program,
    pid: wholeNumber(find(record, NAMES.pid)),
    priority: readPriority(find(record, NAMES.priority)),
    bootId: readBootId(find(record, NAMES.bootId)),
    monotonicUs: kmsgUs ?? wholeNumber(find(record, NAMES.monotonic)),
  }
}

/** Fluent Bit's kmsg input: `{priority, sequence, sec, usec, msg}`, seconds since boot. Null for every other record. */
function uptimeOfKmsg({ sequence, sec, usec }: JsonObject): number | null {
  if (typeof sequence !== 'number' || typeof sec !== 'number' || typeof usec !== 'number') return null
  return wholeNumber(sec * 1e6 + usec)
}

/** The event's time by the clocks of a journal entry that came as a record; null when it has none. */
function journalTimeOf(record: JsonObject, isKernel: boolean, { receivedAt }: TimeContext): bigint | null {
  const us = eventTimeUs({
    takenUs: wholeNumber(record.__REALTIME_TIMESTAMP),
    takenMonotonicUs: wholeNumber(record.__MONOTONIC_TIMESTAMP),
    writtenUs: wholeNumber(record._SOURCE_REALTIME_TIMESTAMP),
    writtenMonotonicUs: wholeNumber(record._SOURCE_MONOTONIC_TIMESTAMP),
    isKernel,
  })
  return us === null ? null : placeNs(BigInt(us) * 1000n, receivedAt)
}

/** The first of the names that has a value. */
export function find(record: JsonObject, names: readonly string[]): Json | undefined {
  for (const name of names) {
    const value = reach(record, name)
    if (value !== undefined && value !== null && value !== '') return value
  }
  return undefined
}

function reach(record: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(record, name)) return record[name]
  const dot = name.indexOf('.')
  if (dot < 0) return undefined
  const inner = Object.hasOwn(record, name.slice(0, dot)) ? record[name.slice(0, dot)] : undefined
  return isObject(inner) ? reach(inner, name.slice(dot + 1)) : undefined
}

/** A string, an array of bytes (the journal's way for what is not UTF-8), or the message of a record inside. */
function messageOf(record: JsonObject): string | null {
  for (const name of NAMES.text) {
    const value = reach(record, name)
    if (typeof value === 'string' && value !== '') return value
    if (isByteArray(value)) return new TextDecoder().decode(Uint8Array.from(value))
    // Docker's splunk driver and event collectors wrap the record once more.
    if ((name === 'event' || name === 'line') && isObject(value)) return messageOf(value)
  }
  return null
}

function isByteArray(value: Json | undefined): value is number[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((byte) => typeof byte === 'number' && Number.isInteger(byte) && byte >= 0 && byte <= 255)
  )
}

/** The host a record names; `host:port` of a scrape target loses its port. */
export function hostOf(record: JsonObject): string | null {
  for (const name of NAMES.host) {
    const host = cleanHost(reach(record, name))
    if (host !== null) return host
  }
  return null
}

/** Null for what cannot be a host's name: empty, with other signs than names of machines have, or longer than DNS allows. */
export function cleanHost(value: Json | undefined): string | null {
  if (typeof value !== 'string') return null
  const host = value.trim()
  if (host === '-' || host.length > 253 || !/^[\p{L}\p{N}._:@[\]-]+$/u.test(host)) return null
  return host.replace(/^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i, '$1').replace(/^([^:]+):\d{1,5}$/, '$1')
}

function timeOf(record: JsonObject, context: TimeContext): bigint | null {
  for (const name of NAMES.time) {
    const at = readWireTime(reach(record, name), context)
    if (at !== null) return at
  }
  return null
}

/** Without path, colon and `[pid]`; null for what is no program name. */
function programOf(record: JsonObject): string | null {
  for (const name of NAMES.program) {
    const value = asString(reach(record, name))
    if (value === null) continue
    const program = /^([^\s:[\]]{1,64}?)(?:\[\d{1,10}\])?:?$/.exec(value.trim())?.[1]
    if (program !== undefined && program !== '-') return program
  }
  return null
}

/** Severity 0 to 7 from a number or a name; a priority with facility (`<13>`) loses the facility. */
export function readPriority(value: Json | undefined): number | null {
  if (typeof value === 'string') {
    const named = SEVERITIES[value.toLowerCase()]
    if (named !== undefined) return named
  }
  const number = wholeNumber(value)
  if (number === null || number > 191) return null
  // Above syslog's severities the tens are pino's and bunyan's levels; a priority with its facility is never one alone.
  return PINO_SEVERITIES[number] ?? number % 8
}

function readBootId(value: Json | undefined): string | null {
  const id = typeof value === 'string' ? value.replaceAll('-', '').toLowerCase() : ''
  return /^[0-9a-f]{32}$/.test(id) ? id : null
}

function wholeNumber(value: Json | undefined): number | null {
  const number = asNumber(value)
  return number !== null && Number.isSafeInteger(number) && number >= 0 ? number : null
}

function plain(value: Json | undefined): string | number {
  return typeof value === 'string' || typeof value === 'number' ? value : ''
}
