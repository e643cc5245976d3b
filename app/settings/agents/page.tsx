import type { Metadata } from 'next'
import { headers } from 'next/headers'
import Link from 'next/link'
import { SenderList } from '@/components/settings/sender-list'
import { SettingsNav } from '@/components/settings/settings-nav'
import { Section } from '@/components/ui/section'
import { Shell } from '@/components/ui/shell'
import { requireUser } from '@/lib/auth/user'
import { env } from '@/lib/env'
import { isReachableByOthers, publicUrl } from '@/lib/http/public-url'
import { listSenders } from '@/lib/ingest/protocols/guide'
import { routes } from '@/lib/routes'

export const metadata: Metadata = { title: 'Agents' }

/** Stands for the token until one is typed in. */
const PLACEHOLDER = 'TOKEN'

export default async function AgentsPage() {
  const user = await requireUser()
  const origin = publicUrl(await headers())
  const senders = listSenders(origin, PLACEHOLDER, env.OOMSCOPE_NETDATA_PORT)
  const install = `curl -fsS ${origin}/agent.sh | sh -s -- install --token ${PLACEHOLDER}`
  return (
    <Shell place="settings" user={user}>
      <h1 className="first">Agents</h1>
      <p className="lede">
        Install oomscope’s own agent with one line, or point what already runs on your hosts here.{' '}
        {user.role === 'admin' ? (
          <>
            Make a <Link href={routes.tokens()}>token</Link> that may send.
          </>
        ) : (
          'An administrator makes the token that may send.'
        )}
      </p>
      <SettingsNav current="agents" user={user} />
      {!isReachableByOthers() && (
        <p className="note apart">
          <span>
            oomscope listens on this machine only, so no other host can reach it. Start it with HOST=0.0.0.0, or set
            PUBLIC_URL to the address of the proxy in front of it.
          </span>
        </p>
      )}
      <Section id="senders" title="Senders" hint="The same list is in docs/protocols.md.">
        <SenderList install={install} senders={senders} placeholder={PLACEHOLDER} />
      </Section>
    </Shell>
  )
}
