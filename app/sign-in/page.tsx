import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SignInForm } from '@/components/account/sign-in-form'
import { PlainShell } from '@/components/ui/shell'
import { currentUser } from '@/lib/auth/user'
import { parseText, routes, type Search } from '@/lib/routes'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: Promise<Search> }) {
  const next = ownPath(parseText(await searchParams, 'next'))
  if (await currentUser()) redirect(next)
  return (
    <PlainShell>
      <h1 className="first">Sign in</h1>
      <p className="lede">
        There is no sign-up. The first start of oomscope prints a link that makes the administrator’s account.
      </p>
      <SignInForm next={next} />
      <noscript>
        <p className="note">
          <span>Signing in needs JavaScript; the pages behind it can be read without.</span>
        </p>
      </noscript>
    </PlainShell>
  )
}

/** Only a path of this server: `//elsewhere` and `/\elsewhere` would lead away. */
function ownPath(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : routes.overview()
}
