'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { ROLE_NAMES } from '@/components/settings/role-choice'
import { CopyLine } from '@/components/ui/copy-line'
import { Problem } from '@/components/ui/problem'
import { send } from '@/components/ui/send'

/** Makes an invitation; its address is shown this once. */
export function InvitationForm() {
  const router = useRouter()
  const [state, setState] = useState<'idle' | 'busy' | { problem: string } | { url: string }>('idle')
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    setState('busy')
    const answer = await send<{ url: string }>('POST', '/api/v1/invitations', {
      role: fields.get('role'),
      note: fields.get('note'),
    })
    setState(answer.isOk ? { url: answer.value.url } : { problem: answer.words })
    if (!answer.isOk) return
    form.reset()
    router.refresh()
  }
  return (
    <>
      <form onSubmit={onSubmit}>
        <div className="formrow">
          <div className="field">
            <label htmlFor="invitation-note">For</label>
            <input className="input" id="invitation-note" name="note" maxLength={100} placeholder="Whom it is for" />
          </div>
          <div className="field">
            <label htmlFor="invitation-role">Role</label>
            <select className="input" id="invitation-role" name="role" defaultValue="viewer">
              {ROLE_NAMES.map((role) => (
                <option key={role} value={role}>
                  {role}
                </option>
              ))}
            </select>
          </div>
          <button type="submit" className="btn primary" disabled={state === 'busy'}>
            {state === 'busy' ? 'Making …' : 'Make an invitation'}
          </button>
        </div>
      </form>
      {typeof state === 'object' && 'problem' in state && <Problem words={state.problem} />}
      {typeof state === 'object' && 'url' in state && (
        <div className="newtoken" role="status">
          <p>
            <b>The link, shown this once; give it to one person:</b>
          </p>
          <CopyLine text={state.url} label="Copy link" />
        </div>
      )}
    </>
  )
}
