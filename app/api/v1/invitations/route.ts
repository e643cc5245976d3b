import { invitationDraft } from '@/app/api/v1/schemas'
import { requireAgent } from '@/lib/auth/agent'
import { recordAudit } from '@/lib/db/audit'
import { createInvitation, listInvitations } from '@/lib/db/one-time-links'
import { json } from '@/lib/http/answer'
import { bodyJson } from '@/lib/http/body'
import { publicUrl } from '@/lib/http/public-url'
import { route } from '@/lib/http/route'
import { routes } from '@/lib/routes'

const DAY_MS = 86_400_000

/** Invitations that still work, newest first, without their keys. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'admin')
  return json({ items: await listInvitations() })
})

/** Makes a link with which one person makes an account of this role: 201 with its address, which is told this once. */
export const POST = route(async (request: Request) => {
  const agent = await requireAgent(request, 'admin')
  const { days, ...invitation } = invitationDraft.parse(await bodyJson(request))
  const made = await createInvitation({
    ...invitation,
    createdBy: agent.name,
    expiresAt: Date.now() + days * DAY_MS,
  })
  await recordAudit(agent, 'invitation-made', `${invitation.role}${invitation.note ? `, ${invitation.note}` : ''}`)
  const url = `${publicUrl(request.headers)}${routes.invitation(made.key)}`
  return json({ invitation: made.invitation, url }, { status: 201 })
})
