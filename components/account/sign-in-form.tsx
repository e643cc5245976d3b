'use client'

import { type FormEvent, useState } from 'react'
import { problemOf } from '@/components/account/auth-problem'

/** Signs in and goes where the person wanted to. `next` is a path of this server. */
export function SignInForm({ next }: { next: string }) {
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    setIsSending(true)
    setProblem(null)
    try {
      const response = await fetch('/api/auth/sign-in/email', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: fields.get('email'), password: fields.get('password') }),
      })
      if (response.ok) {
        window.location.assign(next)
        return
      }
      setProblem(await problemOf(response))
    } catch {
      setProblem('The server did not answer. Try again.')
    }
    setIsSending(false)
  }
  return (
    <form className="narrowform" method="post" onSubmit={onSubmit}>
      <div className="field">
        <label htmlFor="email">E-mail</label>
        <input className="input" id="email" name="email" type="email" autoComplete="username" required />
      </div>
      <div className="field">
        <label htmlFor="password">Password</label>
        <input
          className="input"
          id="password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
      </div>
      {problem && (
        <p className="formerror" role="alert">
          {problem}
        </p>
      )}
      <div className="actions">
        <button type="submit" className="btn primary big" disabled={isSending}>
          {isSending ? 'Signing in …' : 'Sign in'}
        </button>
      </div>
    </form>
  )
}
