'use client'

import { type FormEvent, useState } from 'react'
import { problemOf } from '@/components/account/auth-problem'
import { NewPasswordField } from '@/components/account/new-password-field'
import { Problem } from '@/components/ui/problem'

/** Changes one's own password and ends every other session. */
export function PasswordForm() {
  const [state, setState] = useState<'idle' | 'busy' | 'done' | { problem: string }>('idle')
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    setState('busy')
    try {
      const response = await fetch('/api/auth/change-password', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          currentPassword: fields.get('current'),
          newPassword: fields.get('next'),
          revokeOtherSessions: true,
        }),
      })
      // The endpoint says 400 for a wrong password.
      if (response.status === 400) setState({ problem: 'The current password is wrong.' })
      else if (!response.ok) setState({ problem: await problemOf(response) })
      else {
        form.reset()
        setState('done')
      }
    } catch {
      setState({ problem: 'The server did not answer. Nothing was changed; try again.' })
    }
  }
  return (
    <form className="narrowform" method="post" onSubmit={onSubmit}>
      <div className="field">
        <label htmlFor="current">Current password</label>
        <input
          className="input"
          id="current"
          name="current"
          type="password"
          autoComplete="current-password"
          required
          maxLength={200}
        />
      </div>
      <NewPasswordField name="next" label="New password" />
      {typeof state === 'object' && <Problem words={state.problem} />}
      {state === 'done' && <p role="status">The password is changed. Every other browser is signed out.</p>}
      <div className="actions">
        <button type="submit" className="btn primary" disabled={state === 'busy'}>
          {state === 'busy' ? 'Changing …' : 'Change the password'}
        </button>
      </div>
    </form>
  )
}
