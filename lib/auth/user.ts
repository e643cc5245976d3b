import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { auth } from '@/lib/auth/better-auth'
import { type Permission, roleMay } from '@/lib/auth/permissions'
import { type Role, toRole } from '@/lib/auth/roles'
import { env } from '@/lib/env'
import { REQUESTED_PATH_HEADER } from '@/lib/http/headers'
import { routes } from '@/lib/routes'

export interface User {
  id: string
  name: string
  email: string
  role: Role
  /** Nobody in particular, reading an instance that OOMSCOPE_ANONYMOUS opened. */
  isGuest: boolean
}

const GUEST: User = { id: 'guest', name: 'Guest', email: '', role: 'viewer', isGuest: true }

/** Who is signed in, by the cookie of these headers; null when nobody is. */
export async function userOf(requestHeaders: Headers): Promise<User | null> {
  if (!requestHeaders.get('cookie')) return null
  const session = await auth().api.getSession({ headers: requestHeaders })
  if (!session) return null
  const { id, name, email, role } = session.user
  return { id, name, email, role: toRole(role), isGuest: false }
}

/** Who is signed in, or the guest where this instance may be read by anyone; null when neither. */
export async function userOrGuest(requestHeaders: Headers): Promise<User | null> {
  return (await userOf(requestHeaders)) ?? (env.OOMSCOPE_ANONYMOUS === 'read' ? GUEST : null)
}

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
