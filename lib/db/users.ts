import { inTransaction, prisma } from '@/lib/db/client'
import { newId, sha256Hex } from '@/lib/db/ids'
import { openLinks } from '@/lib/db/one-time-links'
import { AppError } from '@/lib/errors'
import type { EpochMs } from '@/lib/units'

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

/**
 * Saves an account with the role of an invitation and uses the invitation up, both or neither.
 *
 * @returns null when the key does not work
 * @throws AppError 'conflict' when the address has an account; the invitation then still works
 */
export async function saveInvitedUser(
  key: string,
  user: Omit<NewUser, 'role'>,
): Promise<{ id: string; role: string } | null> {
  return prisma.$transaction(async (transaction) => {
    const [used] = await transaction.oneTimeLink.updateManyAndReturn({
      where: { ...openLinks('invitation'), hash: sha256Hex(key) },
      data: { usedAt: new Date() },
      select: { role: true },
    })
    if (!used) return null
    const known = await transaction.user.findUnique({ where: { email: user.email }, select: { id: true } })
    if (known) throw new AppError('conflict', `There is an account for ${user.email} already.`)
    return transaction.user.create({
      data: accountOf({ ...user, role: used.role ?? 'viewer' }),
      select: { id: true, role: true },
    })
  })
}

/** False for an account that signs in through the OpenID Connect provider only. */
export async function hasPassword(userId: string): Promise<boolean> {
  return (
    (await prisma.account.findFirst({ where: { userId, providerId: 'credential' }, select: { id: true } })) !== null
  )
}

/** An account as administrators see it. */
export interface UserSummary {
  id: string
  name: string
  email: string
  role: string
  createdAt: EpochMs
  /** When a session of it was last begun or renewed, which happens at most daily; null when none is open. */
  lastSeenAt: EpochMs | null
}

/** Oldest first. */
export async function listUsers(): Promise<UserSummary[]> {
  const rows = await prisma.user.findMany({
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: {
      id: true,
      name: true,
      email: true,
      role: true,
      createdAt: true,
      sessions: { orderBy: { updatedAt: 'desc' }, take: 1, select: { updatedAt: true } },
    },
  })
  return rows.map(({ sessions, createdAt, ...row }) => ({
    ...row,
    createdAt: createdAt.getTime(),
    lastSeenAt: sessions[0]?.updatedAt.getTime() ?? null,
  }))
}

/**
 * Gives an account another role, from its next request on.
 *
 * @returns its address and the role it had
 * @throws AppError 'not-found'; 'conflict' when no administrator would be left
 */
export async function changeRole(userId: string, role: string): Promise<{ email: string; before: string }> {
  return changeAccount(userId, role === 'admin', 'update "User" set "role" = $2, "updatedAt" = now() where "id" = $1', [
    role,
  ])
}

/**
 * Removes an account with its sessions, at once. What it uploaded and wrote stays.
 *
 * @returns its address and the role it had
 * @throws AppError 'not-found'; 'conflict' when no administrator would be left
 */
export async function removeUser(userId: string): Promise<{ email: string; before: string }> {
  return changeAccount(userId, false, 'delete from "User" where "id" = $1', [])
}

async function changeAccount(
  userId: string,
  staysAdmin: boolean,
  statement: string,
  values: string[],
): Promise<{ email: string; before: string }> {
  return inTransaction(async (client) => {
    // Locked, so that two administrators cannot remove each other at the same moment.
    const { rows } = await client.query<{ id: string; email: string; role: string }>(
      `select "id", "email", "role" from "User" where "role" = 'admin' or "id" = $1 order by "id" for update`,
      [userId],
    )
    const user = rows.find(({ id }) => id === userId)
    if (!user) throw new AppError('not-found', 'There is no such account.')
    if (!staysAdmin && !rows.some(({ id, role }) => role === 'admin' && id !== userId)) {
      throw new AppError('conflict', 'This is the only administrator; make another one first.')
    }
    await client.query(statement, [userId, ...values])
    return { email: user.email, before: user.role }
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
