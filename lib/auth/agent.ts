import { requireOwnOrigin } from '@/lib/auth/origin'
import { type Permission, roleMay, scopesMay } from '@/lib/auth/permissions'
import { userOrGuest } from '@/lib/auth/session'
import { takeTurn } from '@/lib/auth/token-rate'
import { isTokenText } from '@/lib/auth/token-text'
import { findToken, isHostPattern, matchesHost } from '@/lib/db/tokens'
import { AppError } from '@/lib/errors'

/** Who sends a request to the API: a person's browser, or a program with a token. */
export interface Agent {
  kind: 'user' | 'token'
  id: string
  name: string
  /** The only host it may write for, or a pattern of hosts (`web-*`); null: any. */
  host: string | null
}

/** What tells who is asking. */
type Asking = Pick<Request, 'method' | 'headers'>

/**
 * Who is asking, if they may do it. A token needs the scope, a signed-in person the role (lib/auth/permissions.ts); a
 * person's writing request must come from our own pages.
 *
 * @throws AppError 'unauthorized', 'forbidden', 'too-many-requests'
 */
export async function requireAgent(request: Asking, permission: Permission): Promise<Agent> {
  const secret = sentToken(request.headers)
  return secret === null ? requirePerson(request, permission) : requireToken(secret, permission)
}

async function requireToken(secret: string, permission: Permission): Promise<Agent> {
  // The checksum turns noise away without asking the database.
  const token = isTokenText(secret) ? await findToken(secret) : null
  if (!token) throw new AppError('unauthorized', 'The token is unknown, revoked or expired.')
  if (!scopesMay(token.scopes, permission)) {
    throw new AppError('forbidden', `The token "${token.name}" has the scope "${token.scopes.join(', ')}" only.`)
  }
  takeTurn(token.id, permission)
  return { kind: 'token', id: token.id, name: token.name, host: token.host }
}

async function requirePerson(request: Asking, permission: Permission): Promise<Agent> {
  const user = await userOrGuest(request.headers)
  if (!user) {
    throw new AppError('unauthorized', 'Sign in, or send a token: "Authorization: Bearer oom_…".')
  }
  if (user.isGuest && permission !== 'read') {
    throw new AppError('unauthorized', 'Without an account this instance can be read only. Sign in, or send a token.')
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') requireOwnOrigin(request.headers)
  if (!roleMay(user.role, permission)) throw new AppError('forbidden', `The role "${user.role}" may not do that.`)
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

/**
 * The host an agent may write for: the one named, or the only one of its token.
 *
 * @returns null when neither names one; an agent with a host, a pattern then, may not leave it to the text
 * @throws AppError 'forbidden' when its token is bound to others
 */
export function permittedHost(agent: Agent, named: string | null): string | null {
  if (agent.host === null) return named
  if (isHostPattern(agent.host)) {
    if (named === null || matchesHost(agent.host, named)) return named
  } else if (named === null || named === agent.host) {
    return agent.host
  }
  throw new AppError('forbidden', `The token "${agent.name}" may write for the host "${agent.host}" only.`)
}
