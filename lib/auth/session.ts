import { type Role, toRole } from '@/lib/auth/roles'
import { env } from '@/lib/env'

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
  // Programs send no cookie: what serves them need not load the whole of it.
  const { auth } = await import('@/lib/auth/better-auth')
  const session = await auth().api.getSession({ headers: requestHeaders })
  if (!session) return null
  const { id, name, email, role } = session.user
  return { id, name, email, role: toRole(role), isGuest: false }
}

/** Who is signed in, or the guest where this instance may be read by anyone; null when neither. */
export async function userOrGuest(requestHeaders: Headers): Promise<User | null> {
  return (await userOf(requestHeaders)) ?? (env.OOMSCOPE_ANONYMOUS === 'read' ? GUEST : null)
}
