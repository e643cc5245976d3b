import { type Envelope, envelope, type LogFormat } from '@/lib/logs/format'
import { readIsoTime } from '@/lib/logs/iso8601'
import { journalEnvelope } from '@/lib/logs/json-lines'
import { offsetOf } from '@/lib/logs/printed-time'
import { readHostAndTag, readTag } from '@/lib/logs/rfc3164'

// "Wed 2024-03-13 11:16:48 UTC host kernel: msg", ".123456" in short-precise's sibling, localised weekdays
const FULL = /^[^\s\d[\]<>{}"]{2,4} (?=\d{4}-\d\d-\d\d )/
const ZONE = /^ ([A-Z]{3,5}|[+-]\d{2}(?::?\d{2})?) /

/** `journalctl -o short-full`. */
export const journalFull: LogFormat = {
  name: 'journal-short-full',
  sample: 'Wed 2024-03-13 11:16:48 UTC web01 kernel: Mem-Info:',
  decode(line) {
    const weekday = FULL.exec(line.length > 24 ? line.slice(0, 24) : line)
    if (!weekday) return null
    const stamp = readIsoTime(line.slice(weekday[0].length))
    if (!stamp) return null
    const end = weekday[0].length + stamp.end
    const zone = ZONE.exec(line.slice(end, end + 12))
    if (!zone) return null
    const { message, ...known } = readHostAndTag(line.slice(end + zone[0].length))
    const time = {
      ...stamp.time,
      text: line.slice(0, end + zone[0].length - 1),
      offsetMinutes: offsetOf(zone[1]),
    }
    return envelope('journal-short-full', message, { time, ...known })
  },
}

// "[12345.678901] host kernel: msg": dmesg's stamp, but host and tag follow
const MONOTONIC = /^(\[ {0,12}(\d{1,10}\.\d{1,9})\]) ([A-Za-z\d][\w.-]{0,62}) (?=kernel: |[\w.@-]{1,40}\[\d{1,7}\]: )/

/** `journalctl -o short-monotonic`. */
export const journalMonotonic: LogFormat = {
  name: 'journal-short-monotonic',
  sample: '[12345.678901] web01 kernel: Mem-Info:',
  decode(line) {
    const match = MONOTONIC.exec(line.length > 160 ? line.slice(0, 160) : line)
    if (!match) return null
    const { message, ...known } = readTag(line.slice(match[0].length))
    return envelope('journal-short-monotonic', message, {
      uptimeSeconds: Number(match[2]),
      uptimeText: match[1] ?? null,
      host: match[3] ?? null,
      ...known,
    })
  },
}

/** Largest block that is collected; what follows is dropped until the block ends. */
const MAX_FIELDS = 400
const EXPORT_START = /^(?:__CURSOR|__REALTIME_TIMESTAMP)=/
// '\t"__CURSOR" : "s=…",': other JSON has other names
const PRETTY_FIELD = /^\s*"_{0,2}[A-Z][A-Z_\d]{1,60}" ?: /
const LENGTH_BYTES = 8

/** True when a text begins with an entry of several lines. */
export function isRecordStart(text: string): boolean {
  return EXPORT_START.test(text.slice(0, 40)) || /^\{\r?\n/.test(text)
}

/** What became of a line given to a record reader; `lines` looked like an entry, but are text to be read one by one. */
export type RecordResult =
  | 'not-mine'
  | 'held'
  | { envelope: Envelope; from: number }
  | { lines: string[]; from: number }

/**
 * Reads journal entries of several lines: `-o export` (fields until a blank line, binary ones with a length) and
 * `-o json-pretty` (an object over several lines). Lines are given raw, in order.
 */
export function createRecordReader() {
  let kind: 'export' | 'pretty' | null = null
  let from = 0
  let fields: Record<string, unknown> = {}
  let count = 0
  let pretty: string[] = []
  let binary: { name: string; text: string | null } | null = null

  function finish(): RecordResult {
    const format = kind === 'pretty' ? 'journal-json' : 'journal-export'
    let known: Record<string, unknown> | null = fields
    if (kind === 'pretty') known = parsePretty(pretty)
    kind = null
    fields = {}
    count = 0
    pretty = []
    binary = null
    const found = known && journalEnvelope(format, known)
    return found ? { envelope: found, from } : 'held'
  }

  function readBinary(raw: string, open: { name: string; text: string | null }): void {
    open.text = open.text === null ? raw : `${open.text}\n${raw}`
    const length = lengthOf(open.text)
    if (length === null) return
    const body = bodyOf(open.text)
    if (byteLength(body) < length) return
    fields[open.name] = body
    binary = null
  }

  return {
    isOpen: () => kind !== null,

    read(raw: string, line: number): RecordResult {
      if (kind === null) {
        if (EXPORT_START.test(raw)) kind = 'export'
        else if (raw.trimEnd() === '{') kind = 'pretty'
        else return 'not-mine'
        from = line
      }
      if (kind === 'pretty') {
        pretty.push(raw)
        if (pretty.length === 2 && !PRETTY_FIELD.test(raw)) {
          const lines = pretty
          kind = null
          pretty = []
          return { lines, from }
        }
        if (/^\s*\},?\s*$/.test(raw)) return finish()
        if (pretty.length > MAX_FIELDS) kind = null
        return 'held'
      }
      if (binary) {
        readBinary(raw, binary)
        return 'held'
      }
      const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw
      if (text === '') return finish()
      const equals = text.indexOf('=')
      count += 1
      if (count > MAX_FIELDS) kind = null
      else if (equals > 0) fields[text.slice(0, equals)] = text.slice(equals + 1)
      else if (/^[A-Z_\d]{1,64}$/.test(text)) binary = { name: text, text: null }
      return 'held'
    },

    /** The log ends inside an entry: what is there is taken. */
    end: (): RecordResult => (kind === null ? 'not-mine' : finish()),
  }
}

export type RecordReader = ReturnType<typeof createRecordReader>

function parsePretty(lines: string[]): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(lines.join('\n').replace(/,\s*$/, ''))
    // An object, since the text begins with "{".
    return value as Record<string, unknown>
  } catch {
    return null
  }
}

/** The length of a binary field, little-endian in 8 bytes; null while they are not all there. */
function lengthOf(text: string): number | null {
  if (text.length < LENGTH_BYTES) return null
  let length = 0
  for (let index = LENGTH_BYTES - 1; index >= 0; index -= 1) length = length * 256 + (text.charCodeAt(index) & 0xff)
  return length
}

/** The field behind its length. A length byte of 128 or more makes the line invalid UTF-8, so that it was read as Latin-1. */
function bodyOf(text: string): string {
  const body = text.slice(LENGTH_BYTES)
  const isLatin = /[\x80-\xff]/.test(text.slice(0, LENGTH_BYTES))
  return isLatin ? new TextDecoder().decode(Uint8Array.from(body, (char) => char.charCodeAt(0))) : body
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}
