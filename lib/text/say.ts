import { ENGLISH } from '@/lib/text/catalogue'
import type { Message } from '@/lib/text/message'
import { visibleText } from '@/lib/text/visible'
import { type EpochMs, formatBytes, formatCount, formatDuration, formatKib, formatShare, kibToBytes } from '@/lib/units'

const NBSP = '\u00a0'

/** `kib` keeps the kernel's unit; `size` turns kibibytes into a person's unit. `share` is of 1, `duration` in ms, `time` an instant. */
const FORMATS: Record<string, (value: number) => string> = {
  count: formatCount,
  kib: formatKib,
  size: (kib) => formatBytes(kibToBytes(kib)),
  share: formatShare,
  duration: formatDuration,
  plain: String,
  time: (at) => `${new Date(at).toISOString().slice(11, 16)}${NBSP}UTC`,
}

/** A stretch of a sentence; `isQuoted` marks text that came from a log or a person and must be set apart, never trusted. */
export interface SentencePart {
  text: string
  isQuoted: boolean
  /** The instant that the text tells in UTC: a page says it in the zone it shows. */
  at?: EpochMs
}

const LONGEST_QUOTE = 300
const OPTIONAL = /\[([^[\]]*)\]/g
const SLOT = /\{([^{}]+)\}/g

/**
 * The sentence in English, with hidden characters of quoted text named. An unknown key (stored by another version) gives
 * the key itself, so that nothing throws.
 */
export function sayMessage(message: Message): string {
  return sayParts(message)
    .map((part) => (part.isQuoted ? visibleText(part.text) : part.text))
    .join('')
}

/** "mysqld and 3 more killed on mail: swap used up, largest process not in this log" */
export function sayTitle(title: { lead: Message; rest: Message[] }): string {
  const rest = title.rest.map(sayMessage).join(', ')
  return rest === '' ? sayMessage(title.lead) : `${sayMessage(title.lead)}: ${rest}`
}

/** The sentence in order, with quoted text apart and as it is, so that a page can isolate it and name what it hides. */
export function sayParts(message: Message): SentencePart[] {
  const template: string | undefined = Object.hasOwn(ENGLISH, message.key)
    ? ENGLISH[message.key as keyof typeof ENGLISH]
    : undefined
  if (template === undefined) return [{ text: message.key, isQuoted: false }]
  const parts: SentencePart[] = []
  const text = withoutUnknownOptions(template, message).trimEnd()
  let from = 0
  for (const slot of text.matchAll(SLOT)) {
    append(parts, text.slice(from, slot.index), false)
    const { word, isQuoted, at } = fill(slot[1] ?? '', message)
    if (at === undefined) append(parts, word, isQuoted)
    else parts.push({ text: word, isQuoted, at })
    from = slot.index + slot[0].length
  }
  append(parts, text.slice(from), false)
  return parts
}

function withoutUnknownOptions(template: string, message: Message): string {
  const decide = (_: string, inner: string) => {
    const isUnknown = [...inner.matchAll(SLOT)].some((slot) => slotValue(slot[1] ?? '', message) === null)
    return isUnknown ? '' : inner
  }
  let text: string = template
  // Innermost first: an option may hold another.
  while (text.search(OPTIONAL) >= 0) text = text.replace(OPTIONAL, decide)
  return text
}

function fill(slot: string, message: Message): { word: string; isQuoted: boolean; at?: EpochMs } {
  const value = slotValue(slot, message)
  if (value === null) return { word: 'unknown', isQuoted: false }
  const [, one, many] = slot.split('|')
  if (one !== undefined && many !== undefined) return { word: value === 1 ? one : many, isQuoted: false }
  if (typeof value === 'string') return { word: shortened(value), isQuoted: true }
  const name = slot.split(':')[1] ?? 'count'
  const word = (FORMATS[name] ?? formatCount)(value)
  return name === 'time' ? { word, isQuoted: false, at: value } : { word, isQuoted: false }
}

function slotValue(slot: string, message: Message): string | number | null {
  const name = slot.split(/[:|]/)[0] ?? ''
  return message.params[name] ?? null
}

function append(parts: SentencePart[], text: string, isQuoted: boolean): void {
  if (text === '') return
  const last = parts.at(-1)
  if (last && !last.isQuoted && !isQuoted && last.at === undefined) last.text += text
  else parts.push({ text, isQuoted })
}

function shortened(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text
}
