import { auth } from '@/lib/auth/better-auth'
import { requireOwnOrigin } from '@/lib/auth/origin'
import { route } from '@/lib/http/route'

/** The way back from an OpenID Connect provider, and who is signed in; the paths are better-auth's. */
export const GET = route((request: Request) => auth().handler(request))

/** Signing in and out, passwords and sessions, from our own pages only: a foreign page could sign a browser in as its own user. */
export const POST = route(async (request: Request) => {
  requireOwnOrigin(request.headers)
  return auth().handler(request)
})
