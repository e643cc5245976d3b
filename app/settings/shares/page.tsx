import type { Metadata } from 'next'
import Link from 'next/link'
import { RevokeButton } from '@/components/settings/revoke-button'
import { SettingsNav } from '@/components/settings/settings-nav'
import { Name } from '@/components/ui/log-text'
import { Ago, Moment } from '@/components/ui/moment'
import { Section } from '@/components/ui/section'
import { Shell } from '@/components/ui/shell'
import type { ShareLink } from '@/lib/analysis/share'
import { requireUser } from '@/lib/auth/user'
import { listShares } from '@/lib/db/shares'
import { routes } from '@/lib/routes'
import { type EpochMs, formatCount } from '@/lib/units'

export const metadata: Metadata = { title: 'Shared links' }

export default async function SharesPage() {
  const user = await requireUser('write')
  const shares = await listShares()
  return (
    <Shell place="settings" user={user}>
      <h1 className="first">Shared links</h1>
      <p className="lede">Each shows one incident as it was when the link was made, to anyone who has it.</p>
      <SettingsNav current="shares" user={user} />
      <Section id="all" title="All links" hint="The address itself is not kept; only whoever has it can open it.">
        {shares.length > 0 ? (
          <ShareTable shares={shares} now={Date.now()} />
        ) : (
          <p className="dim">No incident was shared. The button is on the page of each incident.</p>
        )}
      </Section>
    </Shell>
  )
}

function ShareTable({ shares, now }: { shares: readonly ShareLink[]; now: EpochMs }) {
  return (
    <table className="cards">
      <thead>
        <tr>
          <th scope="col">Incident</th>
          <th scope="col">Made</th>
          <th scope="col">Expires</th>
          <th scope="col">Names</th>
          <th scope="col" className="num">
            Views
          </th>
          <th scope="col">Last view</th>
          <th scope="col" className="num">
            <span className="sr">Revoke</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {shares.map((share) => (
          <tr key={share.id}>
            <td>
              {share.incidentId ? <Link href={routes.incident(share.incidentId)}>Open the incident</Link> : 'deleted'}
            </td>
            <td>
              <Ago at={share.createdAt} now={now} /> by <Name of={share.createdBy} />
            </td>
            <td>
              <Moment at={share.expiresAt} zone="UTC" as="day-time" />
            </td>
            <td className="hide">{share.isRedacted ? 'hidden' : 'shown'}</td>
            <td className="num" data-l="Views">
              {formatCount(share.views)}
            </td>
            <td className="hide">
              {share.lastViewedAt === null ? 'never' : <Ago at={share.lastViewedAt} now={now} />}
            </td>
            <td className="num">
              {share.revokedAt !== null && <span className="badge">revoked</span>}
              {share.revokedAt === null && share.expiresAt <= now && <span className="badge">expired</span>}
              {share.revokedAt === null && share.expiresAt > now && (
                <RevokeButton url={`/api/v1/shares/${encodeURIComponent(share.id)}`} name="this link" />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
