import { requireAgent } from '@/lib/auth/agent'
import { recordAudit } from '@/lib/db/audit'
import { revokeToken } from '@/lib/db/tokens'
import { noContent } from '@/lib/http/answer'
import { route } from '@/lib/http/route'

type Context = RouteContext<'/api/v1/tokens/[tokenId]'>

/** Revokes a token, at once: 204, also when it was revoked before. */
export const DELETE = route(async (request: Request, { params }: Context) => {
  const agent = await requireAgent(request, 'admin')
  const { name, isNews } = await revokeToken((await params).tokenId)
  if (isNews) await recordAudit(agent, 'token-revoked', name)
  return noContent()
})
