'use client'

import { useState } from 'react'
import { Problem } from '@/components/ui/problem'
import { send } from '@/components/ui/send'
import { routes } from '@/lib/routes'

/** Ends all sessions of one's account, this one included. */
export function SignOutEverywhere() {
  const [problem, setProblem] = useState<string | null>(null)
  const onClick = async () => {
    const answer = await send('POST', '/api/auth/revoke-sessions', {})
    if (answer.isOk) window.location.assign(routes.signIn())
    else setProblem(answer.words)
  }
  return (
    <>
      <button type="button" className="btn" onClick={onClick}>
        Sign out everywhere
      </button>
      <Problem words={problem} />
    </>
  )
}
