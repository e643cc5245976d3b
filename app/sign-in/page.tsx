import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SignInForm } from '@/components/account/sign-in-form'
import { PlainShell } from '@/components/ui/shell'
import { oidcName } from '@/lib/auth/oidc'
import { currentUser } from '@/lib/auth/user'
import { parseText, routes, type Search } from '@/lib/routes'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams
  const next = ownPath(parseText(search, 'next'))
  const oidc = oidcName()
  if (await currentUser()) redirect(next)
  return (
    <PlainShell>
      <h1 className="first">Sign in</h1>
      <p className="lede">
        There is no sign-up. The first start of oomscope prints a link that makes the administrator’s account; others
        are invited.
      </p>
      {search.error !== undefined && (
        <p className="formerror" role="alert">
          {oidc ?? 'The provider'} did not sign you in. An account may have to be made for you first: ask an
          administrator.
        </p>
      )}
      <SignInForm next={next} oidc={oidc} />
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
