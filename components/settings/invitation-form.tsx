'use client'

import type { FormEvent } from 'react'
import { ROLE_NAMES } from '@/components/settings/role-choice'
import { useMade } from '@/components/settings/use-made'
import { CopyLine } from '@/components/ui/copy-line'
import { Problem } from '@/components/ui/problem'

/** Makes an invitation; its address is shown this once. */
export function InvitationForm() {
  const { value: invitation, problem, isBusy, make } = useMade<{ url: string }>('/api/v1/invitations')
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    void make(event.currentTarget, { role: fields.get('role'), note: fields.get('note') })
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
          <button type="submit" className="btn primary" disabled={isBusy}>
            {isBusy ? 'Making …' : 'Make an invitation'}
          </button>
        </div>
      </form>
      <Problem words={problem} />
      {invitation && (
        <div className="newtoken" role="status">
          <p>
            <b>The link, shown this once; give it to one person:</b>
          </p>
          <CopyLine text={invitation.url} label="Copy link" />
        </div>
      )}
    </>
  )
}
