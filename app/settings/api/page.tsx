import type { Metadata } from 'next'
import { searchParameters } from '@/app/api/openapi.json/document'
import { OPERATIONS, type Operation } from '@/app/api/openapi.json/operations'
import { SettingsNav } from '@/components/settings/settings-nav'
import { Section } from '@/components/ui/section'
import { Shell } from '@/components/ui/shell'
import { requireUser } from '@/lib/auth/user'
import { routes } from '@/lib/routes'

export const metadata: Metadata = { title: 'API' }

export default async function ApiPage() {
  const user = await requireUser()
  return (
    <Shell place="settings" user={user}>
      <h1 className="first">API</h1>
      <p className="lede">
        What programs may ask and send, with a token as <code>Authorization: Bearer</code>. For generators of clients:{' '}
        <a href={routes.openApi()}>openapi.json</a>.
      </p>
      <SettingsNav current="api" user={user} />
      <Section id="operations" title="Requests" hint="docs/api.md has examples, limits and problems.">
        <table className="cards">
          <thead>
            <tr>
              <th scope="col">Request</th>
              <th scope="col">Does</th>
              <th scope="col">Parameters</th>
              <th scope="col">Permission</th>
            </tr>
          </thead>
          <tbody>
            {OPERATIONS.map((operation) => (
              <tr key={`${operation.method} ${operation.path}`}>
                <td>
                  <code>
                    {operation.method.toUpperCase()} {operation.path.replace(/\[(\w+)\]/g, '{$1}')}
                  </code>
                </td>
                <td>{operation.summary}</td>
                <td>{parametersOf(operation)}</td>
                <td>{operation.permission}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </Shell>
  )
}

/** "from, to, points?": optional ones with a question mark. */
function parametersOf(operation: Operation): string {
  return searchParameters(operation)
    .map(({ name, required }) => (required ? name : `${name}?`))
    .join(', ')
}
