import { LogText } from '@/components/ui/log-text'
import type { Message } from '@/lib/text/message'
import { sayParts } from '@/lib/text/say'

/** A sentence of the catalogue; what it quotes from a log is isolated from it. */
export function Sentence({ of }: { of: Message }) {
  let at = 0
  return sayParts(of).map((part) => {
    at += part.text.length + 1
    return part.isQuoted ? <LogText key={at} text={part.text} className="name" /> : part.text
  })
}
