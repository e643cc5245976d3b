import type { Tally } from '@/lib/analysis/tally'
import type { Dating } from '@/lib/logs/dating'
import type { Envelope } from '@/lib/logs/format'
import { decodeLines } from '@/lib/logs/text'

/** Without clock or host worth following, only every so many lines are decoded, to notice when that changes. */
const SAMPLED_LINES = 64
/** The envelope of a line that is passed over stands in its first characters. */
const SKIMMED_LENGTH = 4096
/** Hosts of a log server whose lines are told apart without decoding. */
const MAX_PREFIXES = 8
/** So many lines in a row without an envelope, and only every so many are decoded. */
const BARE_LINES = 64
/** Lines in which dated words are looked for; they are near the beginning or nowhere. */
const DATED_WORDS_LINES = 20_000
const LF = 10

/** How lines of one host and one day begin, to recognise them without decoding. */
interface Prefix {
  day: string
  dayBytes: Uint8Array
  /** The host with a space on either side. */
  hostBytes: Uint8Array
  /** Where `hostBytes` stands in a line. */
  hostAt: number
  name: string
  format: string
  lines: number
}

const utf8 = new TextEncoder()

/** Null when the line has no day and host in front. */
function prefixOf(raw: string, { time, host, format }: Envelope): Prefix | null {
  if (!time || host === null || !raw.startsWith(time.text)) return null
  const hostAt = raw.indexOf(` ${host} `, time.text.length)
  const clock = time.text.search(/[T ]\d\d:/)
  if (hostAt < 0 || hostAt > time.text.length + 1 || clock < 0) return null
  const day = time.text.slice(0, clock + 1)
  return {
    day,
    dayBytes: utf8.encode(day),
    hostBytes: utf8.encode(` ${host} `),
    hostAt: utf8.encode(raw.slice(0, hostAt)).length,
    name: host,
    format,
    lines: 1,
  }
}

function standsAt(block: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index += 1) if (block[at + index] !== bytes[index]) return false
  return true
}

/**
 * Keeps hosts, formats and clocks right over the lines that nobody looks at: a line is decoded when its day or host
 * differs from the line before, and at the end of each stretch.
 */
export function createSkimmer(
  decode: (line: string) => Envelope,
  dating: Dating,
  hosts: Tally,
  formats: Tally,
  onEnvelope: (envelope: Envelope) => void,
) {
  /** The last used first. */
  let prefixes: Prefix[] = []
  let isClocked = true
  let bareLines = 0

  function see(decoded: Envelope): void {
    if (decoded.format === 'bare') return
    onEnvelope(decoded)
    dating.see(decoded)
  }

  /** Finds how the line begins among the hosts of the day. */
  function findPrefix(block: Uint8Array, at: number): Prefix | null {
    for (let index = 0; index < prefixes.length; index += 1) {
      const prefix = prefixes[index]
      if (!prefix || !standsAt(block, at + prefix.hostAt, prefix.hostBytes)) continue
      if (!standsAt(block, at, prefix.dayBytes)) continue
      if (index > 0) {
        prefixes.splice(index, 1)
        prefixes.unshift(prefix)
      }
      return prefix
    }
    return null
  }

  function close(prefix: Prefix): void {
    formats.add(prefix.format, prefix.lines)
    hosts.add(prefix.name, prefix.lines)
  }

  function decodeLine(raw: string, line: number): void {
    const decoded = decode(raw.length > SKIMMED_LENGTH ? raw.slice(0, SKIMMED_LENGTH) : raw)
    if (decoded.format === 'bare') {
      bareLines += 1
      if (bareLines >= BARE_LINES) isClocked = false
      return
    }
    bareLines = 0
    isClocked = decoded.host !== null || decoded.time?.year === null
    see(decoded)
    readDatedWords(decoded.message, line)
    const prefix = prefixOf(raw, decoded)
    if (!prefix) {
      formats.add(decoded.format)
      if (decoded.host !== null) hosts.add(decoded.host)
      return
    }
    // Another day: what began with the last one will not come again.
    const [gone, kept] = [
      prefixes.filter((known) => known.day !== prefix.day),
      prefixes.filter((known) => known.day === prefix.day),
    ]
    gone.push(...kept.splice(MAX_PREFIXES - 1))
    for (const known of gone) close(known)
    prefixes = [prefix, ...kept]
  }

  function readDatedWords(text: string, line: number): void {
    if (line <= DATED_WORDS_LINES && dating.wantsDatedWords()) dating.readDatedWords(text, line)
  }

  return {
    /** @returns how many lines these were */
    skimLines(block: Uint8Array, from: number, to: number, first: number): number {
      let unread = -1
      let line = first
      for (let at = from; at < to; line += 1) {
        const end = block.indexOf(LF, at)
        const prefix = findPrefix(block, at)
        if (prefix) {
          prefix.lines += 1
          unread = at
          if (line <= DATED_WORDS_LINES) readDatedWords(decodeLines(block.subarray(at, end)), line)
        } else if (isClocked || line % SAMPLED_LINES === 1) {
          decodeLine(decodeLines(block.subarray(at, end)), line)
          unread = -1
        }
        at = end + 1
      }
      // The end of the source is a time worth knowing, and any stretch may be the last.
      if (unread >= 0) see(decode(decodeLines(block.subarray(unread, block.indexOf(LF, unread)))))
      return line - first
    },
    end(): void {
      for (const prefix of prefixes) close(prefix)
      prefixes = []
    },
  }
}
