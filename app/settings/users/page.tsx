import type { Metadata } from 'next'
import { InvitationForm } from '@/components/settings/invitation-form'
import { RevokeButton } from '@/components/settings/revoke-button'
import { RoleChoice } from '@/components/settings/role-choice'
import { SettingsNav } from '@/components/settings/settings-nav'
import { Name } from '@/components/ui/log-text'
import { Ago, Moment } from '@/components/ui/moment'
import { Section } from '@/components/ui/section'
import { Shell } from '@/components/ui/shell'
import { requireUser } from '@/lib/auth/user'
import { type Invitation, listInvitations } from '@/lib/db/one-time-links'
import { listUsers, type UserSummary } from '@/lib/db/users'
import type { EpochMs } from '@/lib/units'

export const metadata: Metadata = { title: 'Users' }

export default async function UsersPage() {
  const user = await requireUser('admin')
  const [users, invitations] = await Promise.all([listUsers(), listInvitations()])
  const now = Date.now()
  return (
    <Shell place="settings" user={user}>
      <h1 className="first">Users</h1>
      <p className="lede">
        A viewer reads. A member also uploads, writes notes and shares. An administrator may do everything.
      </p>
      <SettingsNav current="users" user={user} />
      <Section id="invite" title="Invite" hint="The link makes one account, and works for 7 days.">
        <InvitationForm />
        {invitations.length > 0 && <InvitationTable invitations={invitations} now={now} />}
      </Section>
      <Section id="all" title="All users" hint="A change holds from the person’s next click on.">
        <UserTable users={users} now={now} ownId={user.id} />
      </Section>
    </Shell>
  )
}

function InvitationTable({ invitations, now }: { invitations: readonly Invitation[]; now: EpochMs }) {
  return (
    <table className="cards">
      <thead>
        <tr>
          <th scope="col">Open invitation</th>
          <th scope="col">Role</th>
          <th scope="col">Made</th>
          <th scope="col">Expires</th>
          <th scope="col" className="num">
            <span className="sr">Withdraw</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {invitations.map((invitation) => (
          <tr key={invitation.id}>
            <td>{invitation.note ? <Name of={invitation.note} /> : 'for no one named'}</td>
            <td>{invitation.role}</td>
            <td>
              <Ago at={invitation.createdAt} now={now} /> by <Name of={invitation.createdBy} />
            </td>
            <td>
              <Moment at={invitation.expiresAt} zone="UTC" as="day-time" />
            </td>
            <td className="num">
              <RevokeButton
                url={`/api/v1/invitations/${encodeURIComponent(invitation.id)}`}
                name={`the invitation ${invitation.note ? `for ${invitation.note}` : 'for no one named'}`}
                verb="Withdraw"
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function UserTable({ users, now, ownId }: { users: readonly UserSummary[]; now: EpochMs; ownId: string }) {
  return (
    <table className="cards">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">E-mail</th>
          <th scope="col">Role</th>
          <th scope="col">Since</th>
          <th scope="col">Session last renewed</th>
          <th scope="col" className="num">
            <span className="sr">Remove</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {users.map((each) => (
          <tr key={each.id}>
            <td>
              <b>
                <Name of={each.name} />
              </b>
              {each.id === ownId && ' (you)'}
            </td>
            <td>
              <Name of={each.email} />
            </td>
            <td>
              <RoleChoice userId={each.id} name={each.name} role={each.role} />
            </td>
            <td className="hide">
              <Ago at={each.createdAt} now={now} />
            </td>
            <td data-l="Session last renewed">
              {each.lastSeenAt === null ? 'no open session' : <Ago at={each.lastSeenAt} now={now} />}
            </td>
            <td className="num">
              {each.id !== ownId && (
                <RevokeButton url={`/api/v1/users/${encodeURIComponent(each.id)}`} name={each.name} verb="Remove" />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
