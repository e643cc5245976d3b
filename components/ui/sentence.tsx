import { Fragment, type ReactNode } from 'react'
import { LogText } from '@/components/ui/log-text'
import { Term } from '@/components/ui/term'
import { formatMinute } from '@/lib/charts/clock'
import { markTerms } from '@/lib/text/glossary'
import type { Message } from '@/lib/text/message'
import { type SentencePart, sayParts } from '@/lib/text/say'

interface SentenceProps {
  of: Message
  /** Times are told in it; left out, they say that they are UTC. */
  zone?: string
}

/** A sentence of the catalogue; what it quotes from a log is isolated from it. */
export function Sentence(props: SentenceProps) {
  return inWords(props, (text) => text)
}

/** The same with the kernel's terms explained where they stand. */
export function ExplainedSentence(props: SentenceProps) {
  return inWords(props, (text) => {
    let place = 0
    return markTerms(text).map((part) => {
      place += part.text.length
      return part.entry ? <Term key={place} entry={part.entry} text={part.text} /> : part.text
    })
  })
}

function inWords({ of, zone }: SentenceProps, own: (text: string) => ReactNode): ReactNode {
  let place = 0
  return sayParts(of).map((part) => {
    place += part.text.length + 1
    return <Fragment key={place}>{wordsOf(part, zone, own)}</Fragment>
  })
}

function wordsOf(part: SentencePart, zone: string | undefined, own: (text: string) => ReactNode): ReactNode {
  const { text, isQuoted, at } = part
  if (isQuoted) return <LogText text={text} className="name" />
  if (at === undefined) return own(text)
  return <time dateTime={new Date(at).toISOString()}>{zone === undefined ? text : formatMinute(at, zone)}</time>
}
