'use client'

import { User } from 'lucide-react'
import { routes } from '@/lib/routes'

/** Who is signed in, and the way out. */
export function AccountMenu({ name }: { name: string }) {
  const signOut = async () => {
    await fetch('/api/auth/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
    window.location.assign(routes.signIn())
  }
  return (
    <details className="menu">
      <summary className="btn plain icon" aria-label={`Account of ${name}`}>
        <User className="i" aria-hidden />
      </summary>
      <div className="menubox">
        <p className="faint small">Signed in as</p>
        <p>{name}</p>
        <a className="btn" href={routes.account()}>
          Account
        </a>
        <button type="button" className="btn" onClick={signOut}>
          Sign out
        </button>
      </div>
    </details>
  )
}
