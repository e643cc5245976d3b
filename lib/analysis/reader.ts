import { createAccount } from '@/lib/analysis/account'
import type { FileAnalysis } from '@/lib/analysis/analysis'
import { createTriggerPattern, SUSPICIOUS } from '@/lib/analysis/triggers'
import { createDating, type Moment } from '@/lib/logs/dating'
import type { Envelope } from '@/lib/logs/format'
import { createRecordReader, type RecordResult } from '@/lib/logs/journal'
import { cleanLine, isQuotedPrintable, isSoftBreak, undoQuotedPrintable } from '@/lib/logs/markup'
import { createDecoder } from '@/lib/logs/registry'
import { createLineSplitter, MAX_LINE } from '@/lib/logs/text'
import { foldEchoes } from '@/lib/oom/echoes'
import { createFacts } from '@/lib/oom/facts'
import { OOM_SOURCES } from '@/lib/oom/registry'
import type { Claim, Entry } from '@/lib/oom/source'
import { joint } from '@/lib/oom/unwrap'
import type { SourceHints, Warning } from '@/lib/source'

/** Lines that are read one by one after the last one that told something. */
const NEAR_LINES = 200
/** Lines before a trigger word that are read too: a broken message may begin there. */
const LINES_BEFORE = 4
/** Lines from a trigger word on that are read whatever they tell. */
const LINES_AFTER = 3
/** Without clock or host worth following, only every so many lines are decoded, to notice when that changes. */
const SAMPLED_LINES = 64
/** The envelope of a line that is passed over stands in its first characters. */
const SKIMMED_LENGTH = 4096
/** Lines in which dated words are looked for; they are near the beginning or nowhere. */
const DATED_WORDS_LINES = 20_000
const MAX_NAMES = 10_000
const MAX_WARNINGS = 200

/** Reads one log, in chunks of any size. The result does not depend on where the chunks are cut. */
export interface LogReader {
  push(bytes: Uint8Array): void
  /** To be called once, after the last chunk. */
  end(): FileAnalysis
}

/** A message that may still grow by the lines after it. */
interface Pending {
  envelope: Envelope
  seen: { moment: Moment; bootKey: string; turns: number }
  from: number
  to: number
  lastRaw: string
  message: string
}

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

export function createLogReader(hints: SourceHints): LogReader {
  const dating = createDating(hints)
  const facts = createFacts(hints.name)
  const account = createAccount()
  const readers = OOM_SOURCES.map((source) => source.open(facts))
  const decode = createDecoder()
  const trigger = createTriggerPattern()
  const warnings: Warning[] = []
  const formats = new Map<string, number>()
  const hosts = new Map<string, number>()

  let lines = 0
  let near = 0
  let held: string[] = []
  let pending: Pending | null = null
  let lastEnvelope: Envelope | null = null
  let lastRaw: string | null = null
  const records = createRecordReader()
  let isRecords = false
  let partial: { envelope: Envelope; from: number } | null = null
  let consoleHost: string | null = null
  let isPrintable = false
  let prefix: Prefix | null = null
  let isClocked = true
  let softBreak: { text: string; from: number } | null = null

  function warn(line: number, code: string, detail: string): void {
    if (warnings.length < MAX_WARNINGS) warnings.push({ line, code, detail })
  }

  function count(map: Map<string, number>, key: string, by = 1): void {
    // A log that invents a host on every line must not fill the memory.
    if (map.size >= MAX_NAMES && !map.has(key)) return
    map.set(key, (map.get(key) ?? 0) + by)
  }

  /** Looks at a line whole. `line` is its number. */
  function readLine(raw: string, line: number): void {
    const record = records.read(raw.length > MAX_LINE ? raw.slice(0, MAX_LINE) : raw, line)
    if (record !== 'not-mine') {
      readRecord(record, line)
      return
    }
    readPlain(raw, line)
  }

  function readPlain(raw: string, line: number): void {
    let text = raw
    if (text.length > MAX_LINE) {
      text = text.slice(0, MAX_LINE)
      warn(line, 'long-line', `Line ${line} is longer than ${MAX_LINE} characters; the rest of it was not read.`)
    }
    while (text.endsWith('\r')) text = text.slice(0, -1)
    text = cleanLine(text)
    if (isQuotedPrintable(text)) {
      isPrintable = true
      const start = softBreak ?? { text: '', from: line }
      if (isSoftBreak(text) && start.text.length < MAX_LINE) {
        softBreak = { text: start.text + text.slice(0, -1), from: start.from }
        return
      }
    }
    const from = softBreak?.from ?? line
    if (softBreak) text = softBreak.text + text
    softBreak = null
    if (isPrintable) text = undoQuotedPrintable(text)
    for (const part of text.includes('\r') ? text.split('\r') : [text]) readText(part, from, line)
  }

  /** An entry of several lines is complete, or one of its lines was put aside. */
  function readRecord(record: RecordResult, line: number): void {
    if (typeof record === 'string') return
    if ('lines' in record) {
      record.lines.forEach((text, index) => {
        readPlain(text, record.from + index)
      })
      return
    }
    isRecords = true
    flush()
    lastRaw = null
    const { envelope: found, from } = record
    count(formats, found.format)
    if (found.host !== null) count(hosts, found.host)
    lastEnvelope = found
    open(found, '', from, line)
    flush()
  }

  function readText(text: string, from: number, to: number): void {
    const found = whole(decode(text), from)
    if (found) readDecoded(found.envelope, text, found.from, to)
  }

  function readDecoded(decoded: Envelope, text: string, from: number, to: number): void {
    consoleHost ??= decoded.consoleHost
    if (decoded.format === 'bare' && decoded.program === null) {
      readBare(text, from, to)
      return
    }
    // Some pastes hold every line twice; the same instant to the microsecond is the same line.
    if (text === lastRaw && decoded.uptimeSeconds !== null) {
      account.mark(from, to, 'context')
      return
    }
    lastRaw = text
    flush()
    count(formats, decoded.format)
    if (decoded.host !== null) count(hosts, decoded.host)
    lastEnvelope = decoded
    open(decoded, text, from, to)
    if (dating.wantsDatedWords()) dating.readDatedWords(decoded.message, from)
  }

  /** Puts the parts of a line that a container runtime has cut together again; null while parts are missing. */
  function whole(decoded: Envelope, from: number): { envelope: Envelope; from: number } | null {
    const start = partial
    partial = null
    const isSame = start !== null && start.envelope.format === decoded.format
    const message = isSame ? start.envelope.message + decoded.message : decoded.message
    const joined = {
      envelope: isSame ? { ...start.envelope, message, isPartial: decoded.isPartial } : decoded,
      from: isSame ? start.from : from,
    }
    if (!decoded.isPartial || message.length > MAX_LINE) return joined
    partial = joined
    return null
  }

  function readBare(text: string, from: number, to: number): void {
    lastRaw = null
    if (pending) {
      const between = joint(pending.message, pending.lastRaw, text)
      if (between !== null && pending.message.length < MAX_LINE) {
        pending.message = between === '' ? pending.message + text : `${pending.message.trimEnd()} ${text.trimStart()}`
        pending.lastRaw = text
        pending.to = to
        return
      }
    }
    flush()
    if (dating.wantsDatedWords()) dating.readDatedWords(text, from)
    if (text.trim() === '') {
      pending = null
      return
    }
    count(formats, 'bare')
    // The continuation lines of a multi-line printk carry no envelope of their own.
    const envelope: Envelope = lastEnvelope
      ? { ...lastEnvelope, format: 'bare', message: text }
      : { ...decode(''), format: 'bare', message: text }
    open(envelope, text, from, to)
  }

  function open(envelope: Envelope, raw: string, from: number, to: number): void {
    pending = { envelope, seen: dating.see(envelope), from, to, lastRaw: raw, message: envelope.message }
  }

  /** Hands the pending message to the sources. */
  function flush(): void {
    if (!pending) return
    const { envelope, seen, from, to, message } = pending
    pending = null
    let best: Claim = null
    let isKill = false
    for (const text of splitMessage(message)) {
      const entry: Entry = {
        from,
        to,
        host: envelope.host,
        program: envelope.program,
        pid: envelope.pid,
        stream: `${seen.bootKey}\u0000${envelope.caller ?? ''}`,
        bootKey: seen.bootKey,
        moment: seen.moment,
        stamp: () => dating.stamp(envelope, seen),
        message: text,
        format: envelope.format,
      }
      const kills = facts.kills.length
      const claim = claimOf(entry)
      isKill ||= facts.kills.length > kills
      if (claim === 'recognised' || best === null) best = claim ?? best
      if (claim === null && SUSPICIOUS.test(text.length > 2000 ? text.slice(0, 2000) : text)) {
        account.suspect(from, text)
        account.mark(from, to, 'suspicious')
      }
    }
    if (best === null) return
    if (best === 'recognised') near = NEAR_LINES
    account.mark(from, to, isKill ? 'kill' : best)
  }

  function claimOf(entry: Entry): Claim {
    for (const reader of readers) {
      const claim = reader.read(entry)
      if (claim !== null) return claim
    }
    return null
  }

  /** Passes over lines without a trigger word: counts them and their hosts, and notes when the day changes. */
  function skim(text: string, from: number, to: number): void {
    let at = from
    let unread = -1
    while (at < to) {
      const end = text.indexOf('\n', at)
      lines += 1
      if (prefix && text.startsWith(prefix.day, at) && text.startsWith(prefix.host, at + prefix.hostAt)) {
        prefix.lines += 1
        unread = at
        if (lines <= DATED_WORDS_LINES && dating.wantsDatedWords()) dating.readDatedWords(text.slice(at, end), lines)
      } else if (isClocked || lines % SAMPLED_LINES === 1) {
        skimLine(text.slice(at, end))
        unread = -1
      }
      at = end + 1
    }
    // The end of the source is a time worth knowing, and any stretch may be the last.
    if (unread >= 0) see(decode(text.slice(unread, text.indexOf('\n', unread))))
  }

  function skimLine(raw: string): void {
    const decoded = decode(raw.length > SKIMMED_LENGTH ? raw.slice(0, SKIMMED_LENGTH) : raw)
    countPrefix()
    prefix = prefixOf(raw, decoded)
    if (decoded.format === 'bare') return
    isClocked = decoded.host !== null || decoded.time?.year === null
    see(decoded)
    if (!prefix) {
      count(formats, decoded.format)
      if (decoded.host !== null) count(hosts, decoded.host)
    }
    if (lines <= DATED_WORDS_LINES && dating.wantsDatedWords()) dating.readDatedWords(decoded.message, lines)
  }

  function see(decoded: Envelope): void {
    if (decoded.format === 'bare') return
    lastEnvelope = decoded
    dating.see(decoded)
  }

  function countPrefix(): void {
    if (!prefix) return
    count(formats, prefix.format, prefix.lines)
    count(hosts, prefix.name, prefix.lines)
    prefix = null
  }

  function readHeld(): void {
    const before = held
    held = []
    for (const text of before) {
      lines += 1
      readLine(text, lines)
    }
  }

  function skimHeld(): void {
    for (const text of held) skim(`${text}\n`, 0, text.length + 1)
    held = []
  }

  /** Start of the last `LINES_BEFORE` lines that end at `to`, but not before `from`. */
  function startOfHeld(text: string, from: number, to: number): number {
    let at = to
    for (let count = 0; count < LINES_BEFORE && at > from; count += 1) {
      const before = at >= 2 ? text.lastIndexOf('\n', at - 2) : -1
      at = Math.max(from, before + 1)
    }
    return at
  }

  function pass(text: string, from: number, to: number): void {
    if (from >= to) return
    flush()
    const start = startOfHeld(text, from, to)
    if (start > from || text.slice(start, to).split('\n').length - 1 >= LINES_BEFORE) skimHeld()
    skim(text, from, start)
    held.push(...text.slice(start, to - 1).split('\n'))
    while (held.length > LINES_BEFORE) {
      const oldest = held.shift()
      if (oldest !== undefined) skim(`${oldest}\n`, 0, oldest.length + 1)
    }
  }

  function readBlock(text: string): void {
    let at = 0
    let hit = -1
    if (lines === 0 && /^(?:__CURSOR=|__REALTIME_TIMESTAMP=|\{\r?\n)/.test(text)) near = 1
    while (at < text.length) {
      if (near <= 0) {
        if (hit < at) {
          trigger.lastIndex = at
          hit = trigger.exec(text)?.index ?? text.length
        }
        const start = hit >= text.length ? text.length : text.lastIndexOf('\n', hit) + 1
        pass(text, at, start)
        at = start
        if (at >= text.length) return
        readHeld()
        near = Math.max(near, LINES_AFTER)
      }
      const end = text.indexOf('\n', at)
      near -= 1
      lines += 1
      readLine(text.slice(at, end), lines)
      at = end + 1
      if (near > 0) continue
      if (records.isOpen() || (isRecords && near <= 0)) {
        // The trigger word of an entry of several lines may stand after the fields that say who wrote it.
        near = 1
        continue
      }
      // A message that holds a trigger word may go on in the next line.
      if (softBreak || (pending && mayGoOn(pending.message))) near = 1
      else flush()
    }
  }

  function mayGoOn(message: string): boolean {
    trigger.lastIndex = 0
    return trigger.test(message)
  }

  const splitter = createLineSplitter(readBlock)

  return {
    push: splitter.push,
    end() {
      splitter.end()
      skimHeld()
      if (softBreak) readText(softBreak.text, softBreak.from, lines)
      softBreak = null
      const record = records.end()
      if (record !== 'not-mine') readRecord(record, lines)
      flush()
      countPrefix()
      for (const reader of readers) reader.end?.()
      return finish()
    },
  }

  function finish(): FileAnalysis {
    facts.finish()
    foldEchoes(facts)
    const placed = dating.place()
    const booked = account.finish(lines)
    const byCount = (map: Map<string, number>) => [...map].sort((a, b) => b[1] - a[1])
    const named = byCount(hosts)
    const format = byCount(formats)[0]?.[0] ?? null
    const isUnderstood = facts.reports.length + facts.kills.length + facts.events.length > 0
    const assumed = placed.assumed
    if (hints.host !== null)
      assumed.push({ what: 'host', value: hints.host, why: 'told with the file', isEvidenced: true })
    const unsized = facts.reports.find((report) => report.pageSizeBytes === null && (report.tasks?.length ?? 0) > 0)
    if (unsized) {
      assumed.push({
        what: 'page-size',
        value: '4096',
        why: `the report at line ${unsized.lines.from} counts in pages and does not show their size`,
        isEvidenced: false,
      })
    }
    return {
      name: hints.name,
      kind: isUnderstood || (format !== null && format !== 'bare') ? 'log' : 'unknown',
      envelope: format,
      account: booked.account,
      host: hints.host ?? named[0]?.[0] ?? consoleHost,
      hosts: named.map(([host, count]) => ({ host, lines: count })),
      kernel: byCount(facts.releases)[0]?.[0] ?? null,
      from: placed.from,
      to: placed.to,
      assumed,
      reports: facts.reports,
      kills: facts.kills.map(({ kill }) => kill),
      events: facts.events.map(({ event }) => event),
      samples: facts.samples.flatMap(({ stamp, fields }) => (stamp.at === null ? [] : [{ at: stamp.at, ...fields }])),
      undated: [],
      processes: null,
      processHistory: [],
      openFiles: [],
      cgroup: null,
      shapes: booked.shapes,
      strip: booked.strip,
      warnings,
    }
  }
}

/** One line may hold several: rsyslog writes line ends as #012, others as \x0a, the journal as they are. */
function splitMessage(whole: string): string[] {
  // rsyslog: "message repeated 2 times: [ Killed process … ]"
  const repeated = whole.startsWith('message repeated ') ? /^message repeated \d+ times: \[ ?(.*)\]$/.exec(whole) : null
  const message = repeated?.[1] ?? whole
  if (!message.includes('\n') && !message.includes('#012') && !message.includes('\\x0a')) return [message]
  return message.replaceAll('#011', '\t').split(/\n|#012|\\x0a/)
}
