import { auth } from '@/lib/auth/better-auth'

/** Answers the making of an account: 201 with its id and the cookie of a session. */
export async function signedIn(
  request: Request,
  { email, password }: { email: string; password: string },
  id: string,
): Promise<Response> {
  const answer = await auth().api.signInEmail({
    body: { email: email.toLowerCase(), password },
    headers: request.headers,
    asResponse: true,
  })
  const headers = new Headers({ 'cache-control': 'no-store' })
  for (const cookie of answer.headers.getSetCookie()) headers.append('set-cookie', cookie)
  return Response.json({ id }, { status: 201, headers })
}
