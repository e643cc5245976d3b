import { requireOwnOrigin } from '@/lib/auth/origin'
import { isAtLeast, type Role } from '@/lib/auth/roles'
import { isTokenText } from '@/lib/auth/token-text'
import { userOf } from '@/lib/auth/user'
import { findToken, type TokenScope } from '@/lib/db/tokens'
import { AppError } from '@/lib/errors'

/** Who sends a request to the API: a person's browser, or a program with a token. */
export interface Agent {
  kind: 'user' | 'token'
  id: string
  name: string
  /** The only host it may write for; null: any. */
  host: string | null
}

const ROLE_FOR: Record<TokenScope, Role> = { ingest: 'member', read: 'viewer', admin: 'admin' }

/**
 * Who is asking, if they may do it. A token needs the scope (`admin` includes all), a signed-in person the role; a
 * person's writing request must come from our own pages.
 *
 * @throws AppError 'unauthorized', 'forbidden'
 */
export async function requireAgent(request: Request, scope: TokenScope): Promise<Agent> {
  const secret = sentToken(request.headers)
  return secret === null ? requirePerson(request, scope) : requireToken(secret, scope)
}

async function requireToken(secret: string, scope: TokenScope): Promise<Agent> {
  // The checksum turns noise away without asking the database.
  const token = isTokenText(secret) ? await findToken(secret) : null
  if (!token) throw new AppError('unauthorized', 'The token is unknown, revoked or expired.')
  if (!token.scopes.includes(scope) && !token.scopes.includes('admin')) {
    throw new AppError('forbidden', `The token "${token.name}" lacks the scope "${scope}".`)
  }
  return { kind: 'token', id: token.id, name: token.name, host: token.host }
}

async function requirePerson(request: Request, scope: TokenScope): Promise<Agent> {
  const user = await userOf(request.headers)
  if (!user) {
    throw new AppError('unauthorized', 'Sign in, or send a token: "Authorization: Bearer oom_…".')
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') requireOwnOrigin(request.headers)
  if (!isAtLeast(user.role, ROLE_FOR[scope])) {
    throw new AppError('forbidden', `The role "${user.role}" may not do that.`)
  }
  return { kind: 'user', id: user.id, name: user.name, host: null }
}

/** The token of `Authorization: Bearer …`, or the password of `Basic`; null when none was sent. */
function sentToken(headers: Headers): string | null {
  const [, scheme = '', credentials = ''] = /^(\S+)\s+(\S+)\s*$/.exec(headers.get('authorization') ?? '') ?? []
  if (scheme.toLowerCase() === 'bearer') return credentials
  if (scheme.toLowerCase() !== 'basic') return null
  const text = Buffer.from(credentials, 'base64').toString('utf8')
  return text.slice(text.indexOf(':') + 1)
}

/** The host an agent may write for. @throws AppError 'forbidden' when it names another than its token's */
export function permittedHost(agent: Agent, named: string | null): string | null {
  if (agent.host === null) return named
  if (named !== null && named !== agent.host) {
    throw new AppError('forbidden', `The token "${agent.name}" may write for the host "${agent.host}" only.`)
  }
  return agent.host
}
