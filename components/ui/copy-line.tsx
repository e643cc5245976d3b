import { CopyButton } from '@/components/ui/copy-button'

/** One line of text to take along: a link, a secret, a command. `label` names what is copied. */
export function CopyLine({ text, label }: { text: string; label: string }) {
  return (
    <div className="collect">
      <span>{text}</span>
      <CopyButton text={text} label={label} isIcon />
    </div>
  )
}
