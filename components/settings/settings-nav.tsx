import { Segments } from '@/components/ui/segments'
import { routes } from '@/lib/routes'

export function SettingsNav({ current }: { current: 'tokens' | 'agents' | 'shares' }) {
  return (
    <div className="settingsnav">
      <Segments
        label="Settings"
        options={[
          { name: 'Tokens', href: routes.tokens(), isChosen: current === 'tokens' },
          { name: 'Agents', href: routes.agents(), isChosen: current === 'agents' },
          { name: 'Shared links', href: routes.shares(), isChosen: current === 'shares' },
        ]}
      />
    </div>
  )
}
