import { useId } from 'react'
import { findTerm, type GlossaryEntry } from '@/lib/text/glossary'

/** A term of the kernel with what it means: on hover as a title, on tap or Enter as a native popover, without script. */
export function Term({ entry, text = entry.term }: { entry: GlossaryEntry; text?: string }) {
  const id = useId()
  return (
    <>
      <button type="button" className="term" popoverTarget={id} title={entry.meaning}>
        {text}
      </button>
      <span popover="auto" id={id} className="meaning">
        <b>{entry.term}</b> {entry.meaning}
      </span>
    </>
  )
}

/** A word of a heading, explained where the glossary has it. */
export function Explained({ word, text = word }: { word: string; text?: string }) {
  const entry = findTerm(word)
  return entry ? <Term entry={entry} text={text} /> : text
}
