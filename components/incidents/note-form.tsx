'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { Problem } from '@/components/ui/problem'
import { send } from '@/components/ui/send'
import { instantOfWallTime } from '@/lib/charts/clock'

/** Adds a remark to an incident; its time is the host's own and may be long past, or unknown. */
export function NoteForm({ incidentId, zone }: { incidentId: string; zone: string }) {
  const router = useRouter()
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)

  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    const when = String(fields.get('when') ?? '')
    setIsSending(true)
    const answer = await send('POST', `/api/v1/incidents/${encodeURIComponent(incidentId)}/notes`, {
      text: String(fields.get('text') ?? ''),
      at: when === '' ? null : instantOfWallTime(Date.parse(`${when}Z`), zone),
      isAtUncertain: fields.get('uncertain') === 'on',
      isOtherBoot: fields.get('otherBoot') === 'on',
    })
    setIsSending(false)
    setProblem(answer.isOk ? null : answer.words)
    if (!answer.isOk) return
    form.reset()
    router.refresh()
  }

  return (
    <form className="noteform noprint" onSubmit={onSubmit}>
      <div className="field">
        <label htmlFor="note-text">Note</label>
        <textarea
          className="input"
          id="note-text"
          name="text"
          required
          maxLength={10_000}
          placeholder="What you saw or did"
        />
      </div>
      <div className="formrow">
        <div className="field">
          <label htmlFor="note-when">When it happened, {zone}</label>
          <input className="input" id="note-when" name="when" type="datetime-local" step="1" />
        </div>
        <label className="check">
          <input type="checkbox" name="uncertain" />
          <span>The time is a guess</span>
        </label>
        <label className="check">
          <input type="checkbox" name="otherBoot" />
          <span>After the reboot, so in another boot</span>
        </label>
        <button type="submit" className="btn" disabled={isSending}>
          {isSending ? 'Adding …' : 'Add note'}
        </button>
      </div>
      <Problem words={problem} />
    </form>
  )
}
