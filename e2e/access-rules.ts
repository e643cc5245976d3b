/**
 * Who may open what: the rule of every page and endpoint, by method and path. `access.spec.ts` finds the routes in
 * `app/` itself: one without a rule here, or a rule without its route, fails.
 *
 * `public`: anyone · `account`: who is signed in · the others as in lib/auth/permissions.ts
 */
export type Rule = 'public' | 'account' | 'read' | 'ingest' | 'write' | 'admin'

export const RULES: Readonly<Record<string, Rule>> = {
  'PAGE /': 'read',
  'PAGE /hosts': 'read',
  'PAGE /hosts/[hostname]': 'read',
  'PAGE /incidents': 'read',
  'PAGE /incidents/[incidentId]': 'read',
  'PAGE /incidents/[incidentId]/share-preview': 'read',
  'PAGE /invitation': 'public',
  'PAGE /problems/[code]': 'public',
  'PAGE /s/[shareToken]': 'public',
  'PAGE /set-up': 'public',
  'PAGE /settings/account': 'account',
  'PAGE /settings/agents': 'read',
  'PAGE /settings/api': 'read',
  'PAGE /settings/audit': 'admin',
  'PAGE /settings/shares': 'write',
  'PAGE /settings/tokens': 'admin',
  'PAGE /settings/users': 'admin',
  'PAGE /sign-in': 'public',
  'PAGE /upload': 'read',
  'PAGE /uploads/[uploadId]': 'read',

  'GET /s/[shareToken]/incident.json': 'public',
  'GET /s/[shareToken]/incident.md': 'public',
  'GET /agent.sh': 'public',
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /api/openapi.json': 'public',
  'GET /api/auth/[...all]': 'public',
  'POST /api/auth/[...all]': 'public',
  'POST /api/v1/set-up': 'public',
  'POST /api/v1/invitations/accept': 'public',
  // Senders greet with these before they have a token: no answer tells anything.
  'GET /api/ingest/[protocol]/[[...path]]': 'public',
  'HEAD /api/ingest/[protocol]/[[...path]]': 'public',
  'OPTIONS /api/ingest/[protocol]/[[...path]]': 'public',
  'GET /_cat/health': 'public',
  'HEAD /_cat/health': 'public',

  'POST /_bulk': 'ingest',
  'PUT /_bulk': 'ingest',
  'POST /api/ingest/[protocol]/[[...path]]': 'ingest',
  'PUT /api/ingest/[protocol]/[[...path]]': 'ingest',
  'POST /api/put': 'ingest',
  'POST /api/v1/logs': 'ingest',
  'PUT /api/v1/logs': 'ingest',
  'POST /api/v1/metrics': 'ingest',
  'PUT /api/v1/metrics': 'ingest',

  'GET /metrics': 'read',
  'GET /api/v1/hosts': 'read',
  'GET /api/v1/hosts/[hostname]': 'read',
  'GET /api/v1/hosts/[hostname]/events': 'read',
  'GET /api/v1/hosts/[hostname]/series': 'read',
  'GET /api/v1/incidents': 'read',
  'GET /api/v1/incidents/[incidentId]': 'read',
  'GET /api/v1/incidents/[incidentId]/markdown': 'read',
  'GET /api/v1/incidents/[incidentId]/notes': 'read',
  'GET /api/v1/uploads': 'read',
  'GET /api/v1/uploads/[uploadId]': 'read',
  'GET /api/v1/uploads/[uploadId]/events': 'read',
  'GET /api/v1/uploads/[uploadId]/lines': 'read',

  'POST /api/v1/incidents/[incidentId]/notes': 'write',
  'DELETE /api/v1/incidents/[incidentId]/notes/[noteId]': 'write',
  'GET /api/v1/incidents/[incidentId]/shares': 'write',
  'POST /api/v1/incidents/[incidentId]/shares': 'write',
  'GET /api/v1/shares': 'write',
  'DELETE /api/v1/shares/[shareId]': 'write',

  'GET /api/v1/audit': 'admin',
  'GET /api/v1/invitations': 'admin',
  'POST /api/v1/invitations': 'admin',
  'DELETE /api/v1/invitations/[invitationId]': 'admin',
  'POST /api/v1/sample-incidents': 'admin',
  'DELETE /api/v1/sample-incidents': 'admin',
  'GET /api/v1/tokens': 'admin',
  'POST /api/v1/tokens': 'admin',
  'DELETE /api/v1/tokens/[tokenId]': 'admin',
  'PATCH /api/v1/uploads/[uploadId]': 'admin',
  'DELETE /api/v1/uploads/[uploadId]': 'admin',
  'GET /api/v1/users': 'admin',
  'PATCH /api/v1/users/[userId]': 'admin',
  'DELETE /api/v1/users/[userId]': 'admin',
}

export const COLUMNS = [
  'nobody',
  'guest',
  'viewer',
  'member',
  'admin',
  'ingest token',
  'read token',
  'admin token',
  'revoked token',
] as const
export type Column = (typeof COLUMNS)[number]

/** What a request is answered with: it may, it must say who it is, it may not, or there is no such page for it. */
export type Cell = 'yes' | '401' | '403' | '404' | 'sign-in'

const PEOPLE: Record<Exclude<Rule, 'public'>, readonly Column[]> = {
  account: ['viewer', 'member', 'admin'],
  read: ['guest', 'viewer', 'member', 'admin'],
  ingest: ['member', 'admin'],
  write: ['member', 'admin'],
  admin: ['admin'],
}
const TOKENS: Record<Exclude<Rule, 'public'>, readonly Column[]> = {
  account: [],
  read: ['read token', 'admin token'],
  ingest: ['ingest token', 'admin token'],
  write: ['admin token'],
  admin: ['admin token'],
}

/** The cell of one route and one column. A page knows sessions only: with a token it is opened as by nobody. */
export function cellOf(route: string, rule: Rule, column: Column): Cell {
  if (rule === 'public') return 'yes'
  const isToken = column.endsWith('token')
  if (route.startsWith('PAGE ')) {
    if (PEOPLE[rule].includes(column)) return 'yes'
    return isToken || column === 'nobody' || column === 'guest' ? 'sign-in' : '404'
  }
  if ((isToken ? TOKENS : PEOPLE)[rule].includes(column)) return 'yes'
  return column === 'nobody' || column === 'guest' || column === 'revoked token' ? '401' : '403'
}
