import { TRIGGER_WORDS } from '@/lib/analysis/triggers'
import { latin1 } from '@/lib/logs/text'

const LF = 10
/** Bytes that are looked at together. */
const GRAM = 3
/** A gram is looked at every so many bytes: of any word, one begins at its first or at its second byte. */
const STRIDE = 2
/** Grams are taken from words of memory, each of which begins two; the second ends in the next word. */
const WORD = 4
/** Grams with five bits of a byte: they tell letters apart, and a table of all grams fits into the nearest cache. */
const GRAMS = 1 << 15
/** Characters that stand for themselves, as far as none of them is repeated; a word's edge may stand before them. */
const PLAIN_START = /^(?:\\b)?((?:(?:[^\\()[\]{}.*+?|^$]|\\\W)(?![*+?{]))*)/

interface Word {
  /** The bytes with which every match begins. */
  start: Uint8Array
  /** True when `start` is the whole word. */
  isWhole: boolean
}

/** A word that a gram tells of. */
interface Candidate extends Word {
  /** How many of its bytes stand before the gram. */
  before: number
}

const NONE: Candidate[] = []

/** Offset of a byte in the first line with a trigger word, from the line at `from` on; the block's length without one. */
export type FindTrigger = (block: Uint8Array, from: number) => number

/**
 * Finds lines with trigger words in blocks of whole lines.
 *
 * A regular expression of so many words looks at every byte again and again. Here a table says of every other three bytes
 * whether a word may begin there, and a word is compared only then: the same lines in a tenth of the time.
 *
 * @param patterns regular expressions that begin with three plain characters or more
 */
export function createTriggerFinder(patterns: readonly string[]): FindTrigger {
  const candidates: Candidate[][] = Array.from({ length: GRAMS }, () => NONE)
  for (const word of patterns.map(toWord)) {
    for (let before = 0; before < STRIDE; before += 1) {
      for (const gram of gramsOf(word.start, before)) {
        candidates[gram] = [...(candidates[gram] ?? NONE), { ...word, before }]
      }
    }
  }
  const mayStart = Uint8Array.from(candidates, (list) => list.length)
  const whole = new RegExp(patterns.join('|'))
  /** Up to where lines were tried in vain: a line is tried once, however many starts of words it holds. */
  let triedTo = 0

  function isTrigger(block: Uint8Array, at: number, gram: number): boolean {
    for (const { start, before, isWhole } of candidates[gram] ?? NONE) {
      if (!standsAt(block, at - before, start)) continue
      if (isWhole) return true
      if (at < triedTo) continue
      triedTo = block.indexOf(LF, at)
      if (whole.test(latin1(block.subarray(block.lastIndexOf(LF, at) + 1, triedTo)))) return true
    }
    return false
  }

  return (block, from) => {
    const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
    triedTo = from
    let at = from
    let next = from + WORD <= block.length ? view.getUint32(from, true) : 0
    for (; at + 2 * WORD <= block.length; at += WORD) {
      const word = next
      next = view.getUint32(at + WORD, true)
      const first = (word & 0x1f) | ((word >>> 3) & 0x3e0) | ((word >>> 6) & 0x7c00)
      const second = ((word >>> 16) & 0x1f) | ((word >>> 19) & 0x3e0) | ((next & 0x1f) << 10)
      // Asked together: most often neither may.
      if (((mayStart[first] ?? 0) | (mayStart[second] ?? 0)) === 0) continue
      if (mayStart[first] !== 0 && isTrigger(block, at, first)) return at
      if (mayStart[second] !== 0 && isTrigger(block, at + STRIDE, second)) return at + STRIDE
    }
    for (; at + GRAM <= block.length; at += STRIDE) {
      if (isTrigger(block, at, gramOf(block[at], block[at + 1], block[at + 2]))) return at
    }
    return block.length
  }
}

/** Finds lines with `TRIGGER_WORDS`. Its table is made once: for a short log that takes longer than reading it. */
export const findTrigger = createTriggerFinder(TRIGGER_WORDS)

function gramOf(first = 0, second = 0, third = 0): number {
  return (first & 0x1f) | ((second & 0x1f) << 5) | ((third & 0x1f) << 10)
}

function toWord(pattern: string): Word {
  const [, plain = ''] = PLAIN_START.exec(pattern) ?? []
  const text = plain.replace(/\\(\W)/g, '$1')
  if (text.length < GRAM)
    throw new Error(`The trigger word "${pattern}" begins with fewer than ${GRAM} plain characters.`)
  return { start: new TextEncoder().encode(text), isWhole: plain === pattern }
}

/** The grams that begin `before` bytes after the start of a word; where it ends too early, with any byte after it. */
function gramsOf(start: Uint8Array, before: number): number[] {
  const [first, second, third] = start.subarray(before, before + GRAM)
  if (third !== undefined) return [gramOf(first, second, third)]
  return Array.from({ length: 0x20 }, (_, any) => gramOf(first, second, any))
}

function standsAt(block: Uint8Array, at: number, bytes: Uint8Array): boolean {
  // From the end: the beginning looks right already.
  for (let index = bytes.length - 1; index >= 0; index -= 1) if (block[at + index] !== bytes[index]) return false
  return true
}
