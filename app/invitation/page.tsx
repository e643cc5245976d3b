import type { Metadata } from 'next'
import Link from 'next/link'
import { AccountForm } from '@/components/account/account-form'
import { PlainShell } from '@/components/ui/shell'
import { isOneTimeLinkOpen } from '@/lib/db/one-time-links'
import { parseText, routes, type Search } from '@/lib/routes'

export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' }

export default async function InvitationPage({ searchParams }: { searchParams: Promise<Search> }) {
  const key = parseText(await searchParams, 'key')
  const isOpen = key !== null && (await isOneTimeLinkOpen('invitation', key))
  return (
    <PlainShell>
      {isOpen ? (
        <>
          <h1 className="first">Make your account</h1>
          <p className="lede">You are invited to this oomscope. This link works once.</p>
          <AccountForm linkKey={key} url="/api/v1/invitations/accept" />
        </>
      ) : (
        <>
          <h1 className="first">This invitation does not work any more</h1>
          <p className="lede">
            It was used, was withdrawn or has expired. <Link href={routes.signIn()}>Sign in</Link>, or ask an
            administrator for a new one.
          </p>
        </>
      )}
    </PlainShell>
  )
}
