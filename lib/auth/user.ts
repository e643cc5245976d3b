import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { type Permission, roleMay } from '@/lib/auth/permissions'
import { type User, userOf, userOrGuest } from '@/lib/auth/session'
import { REQUESTED_PATH_HEADER } from '@/lib/http/headers'
import { routes } from '@/lib/routes'

/** For server components: who is signed in; null when nobody is. */
export async function currentUser(): Promise<User | null> {
  return userOf(await headers())
}

/**
 * For server components: who looks at the page, if they may. Who is not signed in is sent to the sign-in page and comes
 * back here afterwards; for whom the page is not, it does not exist.
 */
export async function requireUser(permission: Permission = 'read'): Promise<User> {
  const requestHeaders = await headers()
  const user = await userOrGuest(requestHeaders)
  if (!user || (user.isGuest && permission !== 'read')) return signInFirst(requestHeaders)
  if (!roleMay(user.role, permission)) notFound()
  return user
}

/** For server components about one's own account: who is signed in. The guest has none. */
export async function requireAccount(): Promise<User> {
  const requestHeaders = await headers()
  return (await userOf(requestHeaders)) ?? signInFirst(requestHeaders)
}

function signInFirst(requestHeaders: Headers): never {
  redirect(routes.signIn(requestHeaders.get(REQUESTED_PATH_HEADER) ?? undefined))
}
