import { LogText } from '@/components/ui/log-text'
import { formatMinute } from '@/lib/charts/clock'
import type { Message } from '@/lib/text/message'
import { sayParts } from '@/lib/text/say'

/** A sentence of the catalogue; what it quotes from a log is isolated from it. Times are in `zone`, or said to be UTC. */
export function Sentence({ of, zone }: { of: Message; zone?: string }) {
  let place = 0
  return sayParts(of).map(({ text, isQuoted, at }) => {
    place += text.length + 1
    if (isQuoted) return <LogText key={place} text={text} className="name" />
    if (at === undefined) return text
    return (
      <time key={place} dateTime={new Date(at).toISOString()}>
        {zone === undefined ? text : formatMinute(at, zone)}
      </time>
    )
  })
}
