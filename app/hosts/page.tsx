import type { Metadata } from 'next'
import Link from 'next/link'
import { HostTable } from '@/components/overview/host-table'
import { Shell } from '@/components/ui/shell'
import { requireUser } from '@/lib/auth/user'
import { listHosts } from '@/lib/db/hosts'
import { routes } from '@/lib/routes'

export const metadata: Metadata = { title: 'Hosts' }

export default async function HostsPage() {
  const user = await requireUser()
  const hosts = await listHosts()
  return (
    <Shell place="hosts" user={user}>
      <h1 className="first">Hosts</h1>
      {hosts.length === 0 ? (
        <p className="lede">
          No host is known. A host appears with its first log or sample: <Link href={routes.upload()}>drop a log</Link>,
          or make a <Link href={routes.tokens()}>token</Link> and send from the host.
        </p>
      ) : (
        <div className="list">
          <HostTable hosts={hosts} now={Date.now()} />
        </div>
      )}
    </Shell>
  )
}
