import { Segments } from '@/components/ui/segments'
import { routes } from '@/lib/routes'

export type SettingsPlace = 'account' | 'agents' | 'shares' | 'tokens' | 'users' | 'audit' | 'api'

interface Place {
  place: SettingsPlace
  name: string
  href: string
  roles: readonly string[]
}

const PLACES: readonly Place[] = [
  { place: 'account', name: 'Account', href: routes.account(), roles: ['viewer', 'member', 'admin'] },
  { place: 'agents', name: 'Agents', href: routes.agents(), roles: ['viewer', 'member', 'admin'] },
  { place: 'api', name: 'API', href: routes.api(), roles: ['viewer', 'member', 'admin'] },
  { place: 'shares', name: 'Shared links', href: routes.shares(), roles: ['member', 'admin'] },
  { place: 'tokens', name: 'Tokens', href: routes.tokens(), roles: ['admin'] },
  { place: 'users', name: 'Users', href: routes.users(), roles: ['admin'] },
  { place: 'audit', name: 'Audit log', href: routes.audit(), roles: ['admin'] },
]

/** The settings this person has. */
export function SettingsNav({ current, user }: { current: SettingsPlace; user: { role: string; isGuest: boolean } }) {
  const places = PLACES.filter(
    ({ roles, place }) => roles.includes(user.role) && !(user.isGuest && place === 'account'),
  )
  return (
    <div className="settingsnav">
      <Segments
        label="Settings"
        options={places.map(({ place, name, href }) => ({ name, href, isChosen: place === current }))}
      />
    </div>
  )
}
