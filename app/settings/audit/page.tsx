import type { Metadata } from 'next'
import Link from 'next/link'
import { SettingsNav } from '@/components/settings/settings-nav'
import { Name } from '@/components/ui/log-text'
import { Moment } from '@/components/ui/moment'
import { Section } from '@/components/ui/section'
import { Shell } from '@/components/ui/shell'
import { requireUser } from '@/lib/auth/user'
import { type AuditAction, listAudit } from '@/lib/db/audit'
import { parseText, routes, type Search } from '@/lib/routes'

export const metadata: Metadata = { title: 'Audit log' }

const WORDS: Record<AuditAction, string> = {
  'token-made': 'made a token',
  'token-revoked': 'revoked a token',
  'share-made': 'shared an incident',
  'share-revoked': 'revoked a shared link',
  'invitation-made': 'made an invitation',
  'invitation-withdrawn': 'withdrew an invitation',
  'user-made': 'made an account',
  'role-changed': 'changed a role',
  'user-removed': 'removed an account',
  'upload-deleted': 'deleted an upload',
}

export default async function AuditPage({ searchParams }: { searchParams: Promise<Search> }) {
  const user = await requireUser('admin')
  const { items, next } = await listAudit({ cursor: parseText(await searchParams, 'cursor') ?? undefined })
  return (
    <Shell place="settings" user={user}>
      <h1 className="first">Audit log</h1>
      <p className="lede">Who made or ended tokens, shared links and accounts, and who deleted uploads.</p>
      <SettingsNav current="audit" user={user} />
      <Section id="all" title="Newest first" hint="Times in UTC.">
        <table className="cards">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">Did</th>
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {items.map((entry) => (
              <tr key={entry.id}>
                <td>
                  <Moment at={entry.at} zone="UTC" as="day-time" />
                </td>
                <td>
                  <Name of={entry.actor.name} />
                  {entry.actor.kind === 'token' && ' (token)'}
                </td>
                <td>{WORDS[entry.action]}</td>
                <td>
                  <Name of={entry.subject} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {items.length === 0 && <p className="dim">Nothing was done yet.</p>}
        {next !== null && (
          <p className="more">
            <Link className="btn" href={routes.audit(next)}>
              Older
            </Link>
          </p>
        )}
      </Section>
    </Shell>
  )
}
