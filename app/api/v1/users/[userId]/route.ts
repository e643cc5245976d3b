import { roleChange } from '@/app/api/v1/schemas'
import { requireAgent } from '@/lib/auth/agent'
import { recordAudit } from '@/lib/db/audit'
import { changeRole, removeUser } from '@/lib/db/users'
import { noContent } from '@/lib/http/answer'
import { bodyJson } from '@/lib/http/body'
import { route } from '@/lib/http/route'

type Context = RouteContext<'/api/v1/users/[userId]'>

/** Gives an account another role: 204. 409 when no administrator would be left. */
export const PATCH = route(async (request: Request, { params }: Context) => {
  const agent = await requireAgent(request, 'admin')
  const { role } = roleChange.parse(await bodyJson(request))
  const { email, before } = await changeRole((await params).userId, role)
  await recordAudit(agent, 'role-changed', `${email}: ${before} to ${role}`)
  return noContent()
})

/** Removes an account and ends its sessions: 204. 409 when no administrator would be left. */
export const DELETE = route(async (request: Request, { params }: Context) => {
  const agent = await requireAgent(request, 'admin')
  const { email } = await removeUser((await params).userId)
  await recordAudit(agent, 'user-removed', email)
  return noContent()
})
