import { requireAgent } from '@/lib/auth/agent'
import { revokeToken } from '@/lib/db/tokens'
import { noContent } from '@/lib/http/answer'
import { route } from '@/lib/http/route'

type Context = RouteContext<'/api/v1/tokens/[tokenId]'>

/** Revokes a token, at once: 204, also when it was revoked before. */
export const DELETE = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'admin')
  await revokeToken((await params).tokenId)
  return noContent()
})
