import type { Metadata } from 'next'
import Link from 'next/link'
import { AccountForm } from '@/components/account/account-form'
import { PlainShell } from '@/components/ui/shell'
import { isOneTimeLinkOpen } from '@/lib/db/one-time-links'
import { parseText, routes, type Search } from '@/lib/routes'

export const metadata: Metadata = { title: 'Set up', referrer: 'no-referrer' }

export default async function SetUpPage({ searchParams }: { searchParams: Promise<Search> }) {
  const key = parseText(await searchParams, 'key')
  const isOpen = key !== null && (await isOneTimeLinkOpen('set-up', key))
  return (
    <PlainShell>
      {isOpen ? (
        <>
          <h1 className="first">Make the first account</h1>
          <p className="lede">It is the administrator’s. This link works once.</p>
          <AccountForm linkKey={key} url="/api/v1/set-up" />
        </>
      ) : (
        <>
          <h1 className="first">This link does not work any more</h1>
          <p className="lede">
            It was used, or a newer one was printed. <Link href={routes.signIn()}>Sign in</Link>; or, while there is no
            account, start oomscope again and follow the link it prints.
          </p>
        </>
      )}
    </PlainShell>
  )
}
