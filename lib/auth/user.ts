import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { auth } from '@/lib/auth/better-auth'
import { type Role, toRole } from '@/lib/auth/roles'
import { REQUESTED_PATH_HEADER } from '@/lib/http/headers'
import { routes } from '@/lib/routes'

export interface User {
  id: string
  name: string
  email: string
  role: Role
}

/** Who is signed in, by the cookie of these headers; null when nobody is. */
export async function userOf(requestHeaders: Headers): Promise<User | null> {
  if (!requestHeaders.get('cookie')) return null
  const session = await auth().api.getSession({ headers: requestHeaders })
  if (!session) return null
  const { id, name, email, role } = session.user
  return { id, name, email, role: toRole(role) }
}

/** For server components: who is signed in; null when nobody is. */
export async function currentUser(): Promise<User | null> {
  return userOf(await headers())
}

/** For server components: who is signed in. Anyone else is sent to the sign-in page and comes back here afterwards. */
export async function requireUser(): Promise<User> {
  const requestHeaders = await headers()
  const user = await userOf(requestHeaders)
  if (!user) redirect(routes.signIn(requestHeaders.get(REQUESTED_PATH_HEADER) ?? undefined))
  return user
}
