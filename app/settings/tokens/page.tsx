import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { SampleButton } from '@/components/overview/sample-button'
import { RevokeButton } from '@/components/settings/revoke-button'
import { SettingsNav } from '@/components/settings/settings-nav'
import { TokenForm } from '@/components/settings/token-form'
import { Name } from '@/components/ui/log-text'
import { Ago, Moment } from '@/components/ui/moment'
import { Section } from '@/components/ui/section'
import { Shell } from '@/components/ui/shell'
import { requireUser } from '@/lib/auth/user'
import { listHosts } from '@/lib/db/hosts'
import { type ApiToken, listTokens } from '@/lib/db/tokens'
import { publicUrl } from '@/lib/http/public-url'
import type { EpochMs } from '@/lib/units'

export const metadata: Metadata = { title: 'Tokens' }

export default async function TokensPage() {
  const user = await requireUser('admin')
  const [tokens, hosts] = await Promise.all([listTokens(), listHosts()])
  const now = Date.now()
  return (
    <Shell place="settings" user={user}>
      <h1 className="first">Tokens</h1>
      <p className="lede">Keys for agents and scripts. Each is stored as a hash and shown once.</p>
      <SettingsNav current="tokens" user={user} />
      <Section id="new" title="New">
        <TokenForm origin={publicUrl(await headers())} />
      </Section>
      <Section id="all" title="All tokens">
        {tokens.length > 0 ? <TokenTable tokens={tokens} now={now} /> : <p className="dim">None was made yet.</p>}
      </Section>
      {hosts.some((host) => host.isSample) && (
        <Section id="samples" title="Sample incidents" hint="Loaded from the empty overview.">
          <SampleButton isRemoval />
        </Section>
      )}
    </Shell>
  )
}

function TokenTable({ tokens, now }: { tokens: readonly ApiToken[]; now: EpochMs }) {
  return (
    <table className="cards">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Begins with</th>
          <th scope="col">May</th>
          <th scope="col">Host</th>
          <th scope="col">Made</th>
          <th scope="col">Last used</th>
          <th scope="col">Expires</th>
          <th scope="col" className="num">
            <span className="sr">Revoke</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id}>
            <td>
              <b>
                <Name of={token.name} />
              </b>
            </td>
            <td>
              <code>{token.prefix}…</code>
            </td>
            <td>{token.scopes.join(', ')}</td>
            <td>{token.host ? <Name of={token.host} /> : 'any'}</td>
            <td className="hide">
              <Ago at={token.createdAt} now={now} />
            </td>
            <td data-l="Last used">{token.lastUsedAt === null ? 'never' : <Ago at={token.lastUsedAt} now={now} />}</td>
            <td className="hide">
              {token.expiresAt === null ? 'never' : <Moment at={token.expiresAt} zone="UTC" as="day-time" />}
            </td>
            <td className="num">
              {isOver(token, now) ? (
                <span className="badge">{token.revokedAt === null ? 'expired' : 'revoked'}</span>
              ) : (
                <RevokeButton url={`/api/v1/tokens/${encodeURIComponent(token.id)}`} name={token.name} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function isOver(token: ApiToken, now: EpochMs): boolean {
  return token.revokedAt !== null || (token.expiresAt !== null && token.expiresAt <= now)
}
