import { prisma } from '@/lib/db/client'
import { newId, sha256Hex } from '@/lib/db/ids'
import { AppError } from '@/lib/errors'

/** An account as it is written: the password as better-auth's scrypt hash. */
export interface NewUser {
  name: string
  /** Lower-case. */
  email: string
  role: string
  passwordHash: string
}

/** False until the first administrator is made. */
export async function hasUsers(): Promise<boolean> {
  return (await prisma.user.findFirst({ select: { id: true } })) !== null
}

/** @throws AppError 'conflict' when the address has an account */
export async function saveUser(user: NewUser): Promise<{ id: string }> {
  const known = await prisma.user.findUnique({ where: { email: user.email }, select: { id: true } })
  if (known) throw new AppError('conflict', `There is an account for ${user.email} already.`)
  return prisma.user.create({ data: accountOf(user), select: { id: true } })
}

/**
 * Saves the first account and uses up the one-time key, both or neither.
 *
 * @returns null when the key does not work, or there is an account already
 */
export async function saveFirstUser(key: string, user: NewUser): Promise<{ id: string } | null> {
  return prisma.$transaction(async (transaction) => {
    // Locks the row: of two people with the same link one comes first, and the other finds it used.
    const { count } = await transaction.oneTimeLink.updateMany({
      where: { purpose: 'set-up', hash: sha256Hex(key), usedAt: null },
      data: { usedAt: new Date() },
    })
    if (count !== 1 || (await transaction.user.findFirst({ select: { id: true } })) !== null) return null
    return transaction.user.create({ data: accountOf(user), select: { id: true } })
  })
}

function accountOf({ passwordHash, ...user }: NewUser) {
  const id = newId()
  return {
    ...user,
    id,
    emailVerified: true,
    accounts: { create: { id: newId(), accountId: id, providerId: 'credential', password: passwordHash } },
  }
}
