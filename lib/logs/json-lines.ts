import { type Envelope, envelope, type LogFormat, type PrintedTime } from '@/lib/logs/format'
import { readIsoTime } from '@/lib/logs/iso8601'

/** Logs that hold one JSON object a line: the journal's, Docker's, and those of shippers. */

type Fields = Record<string, unknown>

function parseObject(line: string): Fields | null {
  if (line[0] !== '{') return null
  try {
    const value: unknown = JSON.parse(line)
    // JSON.parse gives plain objects here: the line begins with "{".
    return value as Fields
  } catch {
    return null
  }
}

function text(fields: Fields, ...names: string[]): string | null {
  for (const name of names) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (typeof value === 'string') return value
    if (typeof value === 'number') return String(value)
  }
  return null
}

/** A time that is a count: its text is the count as printed. */
export function timeOfMicroseconds(printed: string): PrintedTime | null {
  if (!/^\d{1,17}$/.test(printed)) return null
  const at = new Date(Number(printed) / 1000)
  if (Number.isNaN(at.getTime())) return null
  return {
    text: printed,
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    ms: at.getUTCMilliseconds(),
    offsetMinutes: 0,
  }
}

/** The journal's fields as an envelope; also those of `-o export` and `-o json-pretty`. */
export function journalEnvelope(format: string, fields: Fields): Envelope | null {
  const message = journalMessage(Object.hasOwn(fields, 'MESSAGE') ? fields.MESSAGE : null)
  const realtime = text(fields, '_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP')
  if (message === null || (realtime === null && text(fields, '_BOOT_ID', '_TRANSPORT', 'SYSLOG_IDENTIFIER') === null)) {
    return null
  }
  const monotonic = text(fields, '_SOURCE_MONOTONIC_TIMESTAMP', '__MONOTONIC_TIMESTAMP')
  const uptimeSeconds = monotonic !== null && /^\d{1,17}$/.test(monotonic) ? Number(monotonic) / 1e6 : null
  const pid = text(fields, '_PID', 'SYSLOG_PID')
  return envelope(format, message, {
    time: realtime === null ? null : timeOfMicroseconds(realtime),
    uptimeSeconds,
    uptimeText: uptimeSeconds === null ? null : `[${uptimeSeconds.toFixed(6).padStart(12)}]`,
    host: text(fields, '_HOSTNAME', 'HOSTNAME'),
    program: journalProgram(fields),
    pid: pid !== null && /^\d{1,10}$/.test(pid) ? Number(pid) : null,
    boot: text(fields, '_BOOT_ID'),
  })
}

/** Any program may call itself "kernel" in the journal; only the transport proves it. */
function journalProgram(fields: Fields): string | null {
  const transport = text(fields, '_TRANSPORT')
  if (transport === 'kernel') return 'kernel'
  const named = text(fields, 'SYSLOG_IDENTIFIER', '_COMM')
  return named === 'kernel' && transport !== null ? (text(fields, '_COMM') ?? 'not the kernel') : named
}

/** Text, or the bytes of a message that is not valid text. */
function journalMessage(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (!Array.isArray(value) || !value.every((byte) => typeof byte === 'number')) return null
  return new TextDecoder().decode(Uint8Array.from(value))
}

export const journalJson: LogFormat = {
  name: 'journal-json',
  sample: '{"__REALTIME_TIMESTAMP":"1710328608123456","_HOSTNAME":"web01","_TRANSPORT":"kernel","MESSAGE":"Mem-Info:"}',
  decode(line) {
    if (line[0] !== '{' || !line.includes('"MESSAGE"')) return null
    const fields = parseObject(line)
    return fields && journalEnvelope('journal-json', fields)
  },
}

/** Docker's json-file driver. A line without a line end at its end is continued by the next. */
export const dockerJson: LogFormat = {
  name: 'docker-json',
  sample: '{"log":"[ 12.345678] Mem-Info:\\n","stream":"stderr","time":"2024-03-13T11:16:48.123456789Z"}',
  isTransport: true,
  decode(line) {
    if (!line.startsWith('{"log":')) return null
    const fields = parseObject(line)
    const log = fields && text(fields, 'log')
    if (!fields || log === null) return null
    const time = text(fields, 'time')
    return envelope('docker-json', log.replace(/\r?\n$/, ''), {
      time: time === null ? null : (readIsoTime(time)?.time ?? null),
      isPartial: !log.endsWith('\n'),
    })
  },
}

/** What fluentd, vector, pino and others write: a message, a time, perhaps a host and a program. */
export const json: LogFormat = {
  name: 'json',
  sample: '{"timestamp":"2024-03-13T11:16:48Z","host":"web01","ident":"kernel","message":"Mem-Info:"}',
  isTransport: true,
  decode(line) {
    const fields = parseObject(line)
    const message = fields && text(fields, 'message', 'msg', 'MESSAGE', 'log', 'textPayload', 'body')
    if (!fields || message === null) return null
    const time = text(fields, '@timestamp', 'timestamp', 'time', 'ts', 'datetime')
    return envelope('json', message.replace(/\r?\n$/, ''), {
      time: time === null ? null : (readIsoTime(time)?.time ?? null),
      host: text(fields, 'host', 'hostname', '_HOSTNAME'),
      program: text(fields, 'ident', 'program', 'appname', 'SYSLOG_IDENTIFIER', 'logger', 'name'),
    })
  },
}
