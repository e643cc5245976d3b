import { tokenDraft } from '@/app/api/v1/schemas'
import { requireAgent } from '@/lib/auth/agent'
import { issueToken } from '@/lib/auth/tokens'
import { recordAudit } from '@/lib/db/audit'
import { listTokens } from '@/lib/db/tokens'
import { json } from '@/lib/http/answer'
import { bodyJson } from '@/lib/http/body'
import { route } from '@/lib/http/route'

const DAY_MS = 86_400_000

/** All tokens without their secrets, newest first. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'admin')
  return json({ items: await listTokens() })
})

/** Makes a token: 201 with its secret, which is told this once. */
export const POST = route(async (request: Request) => {
  const agent = await requireAgent(request, 'admin')
  const { days, ...token } = tokenDraft.parse(await bodyJson(request))
  const expiresAt = days === null ? null : Date.now() + days * DAY_MS
  const issued = await issueToken({ ...token, expiresAt, createdById: agent.kind === 'user' ? agent.id : null })
  await recordAudit(agent, 'token-made', `${token.name}: ${token.scopes.join(', ')}`)
  return json(issued, { status: 201 })
})
