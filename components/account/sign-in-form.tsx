'use client'

import { type FormEvent, useState } from 'react'
import { problemOf } from '@/components/account/auth-problem'
import { Problem } from '@/components/ui/problem'
import { send } from '@/components/ui/send'
import { routes } from '@/lib/routes'

/**
 * Signs in and goes where the person wanted to.
 *
 * @param next a path of this server
 * @param oidc what the OpenID Connect provider is called; null when there is none
 */
export function SignInForm({ next, oidc }: { next: string; oidc: string | null }) {
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
  const onProvider = async () => {
    setProblem(null)
    const answer = await send<{ url: string }>('POST', '/api/auth/sign-in/social', {
      provider: 'oidc',
      callbackURL: next,
      errorCallbackURL: routes.signIn(next),
    })
    if (answer.isOk) window.location.assign(answer.value.url)
    else setProblem(`${oidc} cannot be reached right now. Try again.`)
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
      <Problem words={problem} />
      <div className="actions">
        <button type="submit" className="btn primary big" disabled={isSending}>
          {isSending ? 'Signing in …' : 'Sign in'}
        </button>
        {oidc !== null && (
          <button type="button" className="btn big" onClick={onProvider}>
            Sign in with {oidc}
          </button>
        )}
      </div>
    </form>
  )
}
