import { hashPassword } from 'better-auth/crypto'
import { z } from 'zod'
import { type Role, toRole } from '@/lib/auth/roles'
import { saveFirstUser, saveInvitedUser, saveUser } from '@/lib/db/users'
import { AppError } from '@/lib/errors'

/** What a person types to get an account. */
export const accountDraft = z.strictObject({
  name: z.string().trim().min(1, 'Say how you are called.').max(100),
  email: z.email('This is not an e-mail address.').max(200),
  password: z.string().min(10, 'At least 10 characters.').max(200),
})
export type AccountDraft = z.infer<typeof accountDraft>

/** @throws AppError 'conflict' when the address has an account */
export async function createUser(draft: AccountDraft, role: Role): Promise<{ id: string }> {
  return saveUser(await toUser(draft, role))
}

/**
 * Makes the first account, an administrator, with the key of the link that the first start prints. The link works once.
 *
 * @throws AppError 'forbidden' when the key is not valid, or there is an account already
 */
export async function createFirstAdministrator(key: string, draft: AccountDraft): Promise<{ id: string }> {
  const user = await saveFirstUser(key, await toUser(draft, 'admin'))
  if (user) return user
  throw new AppError(
    'forbidden',
    'This link was used already or is not valid. Sign in, or start oomscope again for a new link while there is no account.',
  )
}

/**
 * Makes an account with the key of an invitation, which gives the role and works once.
 *
 * @throws AppError 'forbidden' when the key is not valid, 'conflict' when the address has an account
 */
export async function acceptInvitation(key: string, draft: AccountDraft): Promise<{ id: string; role: Role }> {
  const user = await saveInvitedUser(key, await toUser(draft, 'viewer'))
  if (user) return { id: user.id, role: toRole(user.role) }
  throw new AppError('forbidden', 'This invitation was used, was withdrawn or has expired. Ask for a new one.')
}

async function toUser(draft: AccountDraft, role: Role) {
  return {
    name: draft.name,
    email: draft.email.toLowerCase(),
    role,
    passwordHash: await hashPassword(draft.password),
  }
}
