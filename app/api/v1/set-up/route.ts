import { z } from 'zod'
import { accountDraft, createFirstAdministrator } from '@/lib/auth/accounts'
import { auth } from '@/lib/auth/better-auth'
import { requireOwnOrigin } from '@/lib/auth/origin'
import { bodyJson } from '@/lib/http/body'
import { route } from '@/lib/http/route'

const setUp = accountDraft.extend({ key: z.string().max(200) })

/** Makes the administrator with the key of the first-start link, and signs in: 201 with the session's cookie. */
export const POST = route(async (request: Request) => {
  requireOwnOrigin(request.headers)
  const { key, ...draft } = setUp.parse(await bodyJson(request))
  const { id } = await createFirstAdministrator(key, draft)
  const signedIn = await auth().api.signInEmail({
    body: { email: draft.email.toLowerCase(), password: draft.password },
    headers: request.headers,
    asResponse: true,
  })
  const headers = new Headers({ 'cache-control': 'no-store' })
  for (const cookie of signedIn.headers.getSetCookie()) headers.append('set-cookie', cookie)
  return Response.json({ id }, { status: 201, headers })
})
