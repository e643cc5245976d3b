/** What an account may do: read · also upload, note, share · also tokens, deletion, accounts. */
export const ROLES = ['viewer', 'member', 'admin'] as const
export type Role = (typeof ROLES)[number]

export function isAtLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

/** An unknown text gives the least. */
export function toRole(text: string | null | undefined): Role {
  return ROLES.find((role) => role === text) ?? 'viewer'
}
