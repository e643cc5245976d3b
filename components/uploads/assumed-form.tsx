'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { Problem } from '@/components/ui/problem'
import { send } from '@/components/ui/send'
import type { Upload } from '@/lib/analysis/upload'
import type { Assumption } from '@/lib/source'
import { visibleText } from '@/lib/text/visible'

interface AssumedFormProps {
  uploadId: string
  chosen: Upload['chosen']
  assumed: readonly Assumption[]
  mayChange: boolean
}

const FIELDS = [
  { what: 'year', label: 'Year' },
  { what: 'zone', label: 'Time zone' },
  { what: 'host', label: 'Host' },
] as const

/** What was assumed and why, and a way to say it better: the whole upload is read again. */
export function AssumedForm({ uploadId, chosen, assumed, mayChange }: AssumedFormProps) {
  const router = useRouter()
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const said = (name: string) => String(fields.get(name) ?? '').trim() || null
    const year = said('year')
    setIsSending(true)
    const answer = await send('PATCH', `/api/v1/uploads/${encodeURIComponent(uploadId)}`, {
      year: year === null ? null : Number(year),
      zone: said('zone'),
      host: said('host'),
    })
    setIsSending(false)
    setProblem(answer.isOk ? null : answer.words)
    if (answer.isOk) router.refresh()
  }
  return (
    <form onSubmit={onSubmit}>
      <div className="formrow">
        {FIELDS.map(({ what, label }) => {
          const guess = assumed.find((each) => each.what === what)
          const value = chosen[what]
          return (
            <div className="field" key={what}>
              <label htmlFor={`assumed-${what}`}>{label}</label>
              <input
                className="input"
                id={`assumed-${what}`}
                name={what}
                defaultValue={value ?? ''}
                placeholder={guess?.value ?? 'told by the lines'}
                inputMode={what === 'year' ? 'numeric' : undefined}
                readOnly={!mayChange}
              />
              <p className="hint">{hintFor(guess, value)}</p>
            </div>
          )
        })}
      </div>
      {mayChange && (
        <div className="actions">
          <button type="submit" className="btn" disabled={isSending}>
            {isSending ? 'Reading again …' : 'Read again with these'}
          </button>
          <span className="hint">Empty: what the text gives.</span>
        </div>
      )}
      <Problem words={problem} />
    </form>
  )
}

function hintFor(guess: Assumption | undefined, value: string | number | null): string {
  if (value !== null) return 'Chosen by a person.'
  return guess ? `Assumed ${visibleText(guess.value)}: ${visibleText(guess.why)}.` : 'Nothing had to be assumed.'
}
