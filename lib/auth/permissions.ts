import { isAtLeast, type Role } from '@/lib/auth/roles'
import type { TokenScope } from '@/lib/db/tokens'

/**
 * What a page or an endpoint asks for: `read` hosts, incidents and uploads · `ingest` logs and samples · `write` notes
 * and shared links · `admin` tokens, accounts, deletion, the audit log. This file is who may do what.
 */
export type Permission = 'read' | 'ingest' | 'write' | 'admin'

const LEAST_ROLE: Record<Permission, Role> = { read: 'viewer', ingest: 'member', write: 'member', admin: 'admin' }

const OF_SCOPE: Record<TokenScope, readonly Permission[]> = {
  ingest: ['ingest'],
  read: ['read'],
  admin: ['read', 'ingest', 'write', 'admin'],
}

export function roleMay(role: Role, permission: Permission): boolean {
  return isAtLeast(role, LEAST_ROLE[permission])
}

export function scopesMay(scopes: readonly TokenScope[], permission: Permission): boolean {
  return scopes.some((scope) => OF_SCOPE[scope].includes(permission))
}
