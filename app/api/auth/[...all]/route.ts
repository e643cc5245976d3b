import { auth } from '@/lib/auth/better-auth'
import { route } from '@/lib/http/route'

/** Signing in and out; the paths are better-auth's. */
export const GET = route((request: Request) => auth().handler(request))
export const POST = GET
