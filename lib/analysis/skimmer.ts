import type { Tally } from '@/lib/analysis/tally'
import type { Dating } from '@/lib/logs/dating'
import type { Envelope } from '@/lib/logs/format'

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

/** How lines of one host and one day begin, to recognise them without decoding. */
interface Prefix {
  day: string
  host: string
  hostAt: number
  name: string
  format: string
  lines: number
}

/** Null when the line has no day and host in front. */
function prefixOf(raw: string, { time, host, format }: Envelope): Prefix | null {
  if (!time || host === null || !raw.startsWith(time.text)) return null
  const hostAt = raw.indexOf(` ${host} `, time.text.length)
  const clock = time.text.search(/[T ]\d\d:/)
  if (hostAt < 0 || hostAt > time.text.length + 1 || clock < 0) return null
  return { day: time.text.slice(0, clock + 1), host: ` ${host} `, hostAt, name: host, format, lines: 1 }
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
  function findPrefix(text: string, at: number): Prefix | null {
    for (let index = 0; index < prefixes.length; index += 1) {
      const prefix = prefixes[index]
      if (!prefix || !text.startsWith(prefix.host, at + prefix.hostAt) || !text.startsWith(prefix.day, at)) continue
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
    skimLines(text: string, from: number, to: number, first: number): void {
      let unread = -1
      let line = first
      for (let at = from; at < to; line += 1) {
        const end = text.indexOf('\n', at)
        const prefix = findPrefix(text, at)
        if (prefix) {
          prefix.lines += 1
          unread = at
          if (line <= DATED_WORDS_LINES) readDatedWords(text.slice(at, end), line)
        } else if (isClocked || line % SAMPLED_LINES === 1) {
          decodeLine(text.slice(at, end), line)
          unread = -1
        }
        at = end + 1
      }
      // The end of the source is a time worth knowing, and any stretch may be the last.
      if (unread >= 0) see(decode(text.slice(unread, text.indexOf('\n', unread))))
    },
    end(): void {
      for (const prefix of prefixes) close(prefix)
      prefixes = []
    },
  }
}
