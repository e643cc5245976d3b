import { z } from 'zod'
import { acceptInvitation, accountDraft } from '@/lib/auth/accounts'
import { requireOwnOrigin } from '@/lib/auth/origin'
import { signedIn } from '@/lib/auth/sign-in'
import { recordAudit } from '@/lib/db/audit'
import { bodyJson } from '@/lib/http/body'
import { route } from '@/lib/http/route'

const acceptance = accountDraft.extend({ key: z.string().max(200) })

/** Makes the account an invitation is for, and signs in: 201 with the session's cookie. */
export const POST = route(async (request: Request) => {
  requireOwnOrigin(request.headers)
  const { key, ...draft } = acceptance.parse(await bodyJson(request))
  const { id, role } = await acceptInvitation(key, draft)
  await recordAudit({ kind: 'user', id, name: draft.name }, 'user-made', `${draft.email.toLowerCase()}: ${role}`)
  return signedIn(request, draft, id)
})
