import { visibleParts } from '@/lib/text/visible'

/** Text from a log: isolated, never marked up, with hidden characters named. */
export function LogText({ text, className }: { text: string; className?: string }) {
  const parts = visibleParts(text)
  let at = 0
  return (
    <bdi className={className}>
      {parts.map((part) => {
        at += part.text.length
        return part.isEscape ? (
          <span key={at} className="escape">
            {part.text}
          </span>
        ) : (
          part.text
        )
      })}
    </bdi>
  )
}

/** A process, host or cgroup name within a sentence of the interface. */
export function Name({ of }: { of: string }) {
  return <LogText text={of} className="name" />
}
