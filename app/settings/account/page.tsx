import type { Metadata } from 'next'
import { PasswordForm } from '@/components/account/password-form'
import { SignOutEverywhere } from '@/components/account/sign-out-everywhere'
import { SettingsNav } from '@/components/settings/settings-nav'
import { Name } from '@/components/ui/log-text'
import { Section } from '@/components/ui/section'
import { Shell } from '@/components/ui/shell'
import { requireAccount } from '@/lib/auth/user'
import { hasPassword } from '@/lib/db/users'

export const metadata: Metadata = { title: 'Account' }

const MAY = {
  viewer: 'You may read everything.',
  member: 'You may read everything, upload, write notes and share incidents.',
  admin: 'You may do everything, tokens, accounts and deletion included.',
}

export default async function AccountPage() {
  const user = await requireAccount()
  return (
    <Shell place="settings" user={user}>
      <h1 className="first">
        <Name of={user.name} />
      </h1>
      <p className="lede">
        <Name of={user.email} />, {user.role}. {MAY[user.role]}
      </p>
      <SettingsNav current="account" user={user} />
      <Section id="password" title="Password" hint="Changing it signs out every other browser.">
        {(await hasPassword(user.id)) ? (
          <PasswordForm />
        ) : (
          <p className="dim">This account signs in through the provider and has no password here.</p>
        )}
      </Section>
      <Section id="sessions" title="Sessions" hint="A session ends by itself after 14 days without use.">
        <SignOutEverywhere />
      </Section>
    </Shell>
  )
}
