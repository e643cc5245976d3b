import { z } from 'zod'
import { requireAgent } from '@/lib/auth/agent'
import { issueToken } from '@/lib/auth/tokens'
import { recordAudit } from '@/lib/db/audit'
import { listTokens, TOKEN_SCOPES } from '@/lib/db/tokens'
import { json } from '@/lib/http/answer'
import { bodyJson } from '@/lib/http/body'
import { route } from '@/lib/http/route'
import { hostPattern } from '@/lib/http/search'

const DAY_MS = 86_400_000

const draft = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(TOKEN_SCOPES)).min(1).default(['ingest']),
  /** The only host it may write for, or a pattern of hosts such as `web-*`. */
  host: hostPattern.nullable().default(null),
  /** Null: it does not expire. */
  days: z.number().int().min(1).max(3650).nullable().default(null),
})

/** All tokens without their secrets, newest first. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'admin')
  return json({ items: await listTokens() })
})

/** Makes a token: 201 with its secret, which is told this once. */
export const POST = route(async (request: Request) => {
  const agent = await requireAgent(request, 'admin')
  const { days, ...token } = draft.parse(await bodyJson(request))
  const expiresAt = days === null ? null : Date.now() + days * DAY_MS
  const issued = await issueToken({ ...token, expiresAt, createdById: agent.kind === 'user' ? agent.id : null })
  await recordAudit(agent, 'token-made', `${token.name}: ${token.scopes.join(', ')}`)
  return json(issued, { status: 201 })
})
