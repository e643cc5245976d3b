'use client'

import { type FormEvent, useState } from 'react'
import { NewPasswordField } from '@/components/account/new-password-field'
import { Problem } from '@/components/ui/problem'
import { send } from '@/components/ui/send'
import { routes } from '@/lib/routes'

/** Makes an account with the key of a one-time link, at the endpoint for links of its kind. */
export function AccountForm({ linkKey, url }: { linkKey: string; url: string }) {
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    setIsSending(true)
    const answer = await send('POST', url, {
      key: linkKey,
      name: fields.get('name'),
      email: fields.get('email'),
      password: fields.get('password'),
    })
    if (answer.isOk) {
      window.location.assign(routes.overview())
      return
    }
    setProblem(answer.words)
    setIsSending(false)
  }
  return (
    <form className="narrowform" method="post" onSubmit={onSubmit}>
      <div className="field">
        <label htmlFor="name">Name</label>
        <input className="input" id="name" name="name" autoComplete="name" required maxLength={100} />
      </div>
      <div className="field">
        <label htmlFor="email">E-mail</label>
        <input
          className="input"
          id="email"
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={200}
        />
      </div>
      <NewPasswordField name="password" label="Password" />
      <Problem words={problem} />
      <div className="actions">
        <button type="submit" className="btn primary big" disabled={isSending}>
          {isSending ? 'Making the account …' : 'Make the account'}
        </button>
      </div>
    </form>
  )
}
