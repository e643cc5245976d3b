import { ADVICE } from '@/lib/text/english/advice'
import { FINDINGS } from '@/lib/text/english/findings'
import { LABELS } from '@/lib/text/english/labels'
import { SIGNS } from '@/lib/text/english/signs'
import { TIMELINE } from '@/lib/text/english/timeline'
import { TITLES } from '@/lib/text/english/titles'
import type { Message } from '@/lib/text/message'

/**
 * Every sentence the product says about an incident, in English. A second language is a second record with these keys.
 *
 * A slot is `{name}`, `{name:format}` (formats: `say.ts`) or `{name|one|many}`, which prints the word that goes with the
 * number. `[…]` is left out when a parameter inside it is null.
 */
export const ENGLISH = { ...LABELS, ...TITLES, ...FINDINGS, ...TIMELINE, ...SIGNS, ...ADVICE } as const

export type MessageKey = keyof typeof ENGLISH

/** The parameter names of a sentence, read from its slots. */
type Slots<Text extends string> = Text extends `${string}{${infer Slot}}${infer Rest}`
  ? Name<Slot> | Slots<Rest>
  : never
type Name<Slot extends string> = Slot extends `${infer Before}:${string}`
  ? Before
  : Slot extends `${infer Before}|${string}`
    ? Before
    : Slot

export type ParamsOf<Key extends MessageKey> = Record<Slots<(typeof ENGLISH)[Key]>, string | number | null>

/** A sentence of the catalogue; the compiler checks the key and that every slot has its parameter. */
export function message<Key extends MessageKey>(key: Key, params: ParamsOf<Key>): Message {
  return { key, params }
}
