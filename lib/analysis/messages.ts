import type { Tally } from '@/lib/analysis/tally'
import type { Dating, Moment } from '@/lib/logs/dating'
import { type Envelope, envelope } from '@/lib/logs/format'
import { createRecordReader, type RecordResult } from '@/lib/logs/journal'
import { cleanLine, isQuotedPrintable, isSoftBreak, undoQuotedPrintable } from '@/lib/logs/markup'
import { MAX_LINE } from '@/lib/logs/text'
import { isUnfinished, joined } from '@/lib/oom/unwrap'

/** A message put together from one physical line or several. */
export interface Message {
  envelope: Envelope
  seen: { moment: Moment; bootKey: string; turns: number }
  from: number
  to: number
  text: string
}

export interface MessageSink {
  onMessage(message: Message): void
  /** A line that only repeats the one before it. */
  onRepeated(from: number, to: number): void
  onLongLine(line: number): void
}

/** Turns physical lines into messages: undoes what mailers, terminals and container runtimes did, decodes, joins. */
export function createMessageReader(
  decode: (line: string) => Envelope,
  dating: Dating,
  hosts: Tally,
  formats: Tally,
  sink: MessageSink,
) {
  const records = createRecordReader()
  let isRecords = false
  /** The message that may still grow by the lines after it, and its last physical line. */
  let pending: (Message & { lastRaw: string }) | null = null
  let lastEnvelope: Envelope | null = null
  let lastText: string | null = null
  let partial: { envelope: Envelope; from: number } | null = null
  let softBreak: { text: string; from: number } | null = null
  let isPrintable = false
  let consoleHost: string | null = null
  const width = createWidth()

  function readPlain(raw: string, line: number): void {
    if (raw.length > MAX_LINE) sink.onLongLine(line)
    let text = raw.length > MAX_LINE ? raw.slice(0, MAX_LINE) : raw
    while (text.endsWith('\r')) text = text.slice(0, -1)
    const whole = undoSoftBreaks(cleanLine(text), line)
    if (!whole) return
    for (const part of partsOf(whole.text)) readText(part, whole.from, line)
  }

  /** Undoes quoted-printable; null while the line goes on in the next. */
  function undoSoftBreaks(text: string, line: number): { text: string; from: number } | null {
    const start = softBreak ?? { text: '', from: line }
    isPrintable ||= isQuotedPrintable(text)
    if (isPrintable && isSoftBreak(text) && start.text.length < MAX_LINE) {
      softBreak = { text: start.text + text.slice(0, -1), from: start.from }
      return null
    }
    softBreak = null
    const whole = start.text + text
    return { text: isPrintable ? undoQuotedPrintable(whole) : whole, from: start.from }
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
    lastText = null
    count(record.envelope)
    open(record.envelope, '', record.from, line)
    flush()
  }

  function count(found: Envelope): void {
    formats.add(found.format)
    if (found.host !== null) hosts.add(found.host)
    lastEnvelope = found
  }

  function readText(text: string, from: number, to: number): void {
    width.see(text)
    const found = joinParts(decode(text), from)
    if (!found) return
    consoleHost ??= found.envelope.consoleHost
    if (found.envelope.format === 'bare' && found.envelope.program === null) readBare(found.envelope.message, from, to)
    else readDecoded(found.envelope, text, found.from, to)
  }

  function readDecoded(decoded: Envelope, text: string, from: number, to: number): void {
    // Some pastes hold every line twice; the same instant to the microsecond is the same line.
    if (text === lastText && decoded.uptimeSeconds !== null) {
      sink.onRepeated(from, to)
      return
    }
    lastText = text
    flush()
    count(decoded)
    open(decoded, text, from, to)
    if (dating.wantsDatedWords()) dating.readDatedWords(decoded.message, from)
  }

  /** Puts the parts of a line that a container runtime has cut together again; null while parts are missing. */
  function joinParts(decoded: Envelope, from: number): { envelope: Envelope; from: number } | null {
    const start = partial?.envelope.format === decoded.format ? partial : null
    partial = null
    const message = start ? start.envelope.message + decoded.message : decoded.message
    const joined = {
      envelope: start ? { ...start.envelope, message, isPartial: decoded.isPartial } : decoded,
      from: start?.from ?? from,
    }
    if (!decoded.isPartial || message.length > MAX_LINE) return joined
    partial = joined
    return null
  }

  function readBare(text: string, from: number, to: number): void {
    lastText = null
    if (pending && pending.text.length < MAX_LINE) {
      const whole = joined({ ...pending, isFullWidth: width.isFull(pending.lastRaw) }, text)
      if (whole !== null) {
        pending.text = whole
        pending.lastRaw = text
        pending.to = to
        return
      }
    }
    flush()
    if (dating.wantsDatedWords()) dating.readDatedWords(text, from)
    if (text.trim() === '') return
    formats.add('bare')
    // The continuation lines of a multi-line printk carry no envelope of their own.
    open(lastEnvelope ? { ...lastEnvelope, format: 'bare', message: text } : envelope('bare', text), text, from, to)
  }

  function open(found: Envelope, raw: string, from: number, to: number): void {
    pending = { envelope: found, seen: dating.see(found), from, to, lastRaw: raw, text: found.message }
  }

  function flush(): void {
    const message = pending
    pending = null
    if (message) sink.onMessage(message)
  }

  return {
    readLine(raw: string, line: number): void {
      const record = records.read(raw.length > MAX_LINE ? raw.slice(0, MAX_LINE) : raw, line)
      if (record === 'not-mine') readPlain(raw, line)
      else readRecord(record, line)
    },

    /** The envelope of a line that was passed over: a line without one may follow it. */
    follow(found: Envelope): void {
      lastEnvelope = found
    },

    /**
     * True while the next line must be read too. Entries of several lines are read throughout, because their message
     * may stand after the fields that say who wrote it.
     */
    isWaiting: (mayGoOn: (text: string) => boolean): boolean =>
      softBreak !== null ||
      isRecords ||
      records.isOpen() ||
      (pending !== null && (mayGoOn(pending.text) || isUnfinished(pending.text))),

    flush,

    /** @param lines number of the last line */
    end(lines: number): void {
      if (softBreak) readText(softBreak.text, softBreak.from, lines)
      softBreak = null
      const record = records.end()
      if (record !== 'not-mine') readRecord(record, lines)
      flush()
    },

    consoleHost: () => consoleHost,
  }
}

/** Lines as long as the longest one, before a text counts as broken at that width. */
const FULL_LINES = 3

/** Notices the width at which a terminal has broken lines: many are exactly that long, and none is longer. */
function createWidth() {
  let longest = 0
  let times = 0
  return {
    see({ length }: string): void {
      if (length > longest) {
        longest = length
        times = 0
      }
      if (length === longest) times += 1
    },
    isFull: ({ length }: string): boolean => times >= FULL_LINES && length === longest,
  }
}

// "** 3 printk messages dropped ** [  206.416481] …": the console's notice and the next message on one line
const DROPPED = /^\*\* \d{1,9} printk messages dropped \*\* ?(?=\S)/

/** A physical line may hold several: consoles go back to its start with CR, and tell what they dropped before the next. */
function partsOf(text: string): string[] {
  if (text.includes('\r')) return text.split('\r').flatMap(partsOf)
  const dropped = text.startsWith('** ') ? DROPPED.exec(text.slice(0, 60)) : null
  return dropped ? [dropped[0].trimEnd(), text.slice(dropped[0].length)] : [text]
}
