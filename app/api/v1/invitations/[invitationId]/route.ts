import { requireAgent } from '@/lib/auth/agent'
import { recordAudit } from '@/lib/db/audit'
import { withdrawInvitation } from '@/lib/db/one-time-links'
import { noContent } from '@/lib/http/answer'
import { route } from '@/lib/http/route'

type Context = RouteContext<'/api/v1/invitations/[invitationId]'>

/** Ends an invitation that nobody has used: 204. */
export const DELETE = route(async (request: Request, { params }: Context) => {
  const agent = await requireAgent(request, 'admin')
  await recordAudit(agent, 'invitation-withdrawn', await withdrawInvitation((await params).invitationId))
  return noContent()
})
