import { requireAgent } from '@/lib/auth/agent'
import { recordAudit } from '@/lib/db/audit'
import { revokeShare } from '@/lib/db/shares'
import { noContent } from '@/lib/http/answer'
import { route } from '@/lib/http/route'

type Context = RouteContext<'/api/v1/shares/[shareId]'>

/** Revokes a link, at once: 204, also when it was revoked before. */
export const DELETE = route(async (request: Request, { params }: Context) => {
  const agent = await requireAgent(request, 'write')
  const { shareId } = await params
  await revokeShare(shareId)
  await recordAudit(agent, 'share-revoked', `link ${shareId}`)
  return noContent()
})
