import { randomBytes } from 'node:crypto'
import { prisma } from '@/lib/db/client'
import { newId, sha256Hex } from '@/lib/db/ids'
import { AppError } from '@/lib/errors'
import type { EpochMs } from '@/lib/units'

export type LinkPurpose = 'set-up' | 'invitation'

/** A link that makes its holder an account, without its key. */
export interface Invitation {
  id: string
  role: string
  /** Whom it is for, in the words of who made it; may be empty. */
  note: string
  createdBy: string
  createdAt: EpochMs
  expiresAt: EpochMs
}

/** Rows whose key would work now. */
export function openLinks(purpose: LinkPurpose) {
  return { purpose, usedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] }
}

/** Makes the key of the first start; earlier ones stop working. @returns the key, kept as a hash only */
export async function createSetUpLink(): Promise<string> {
  const key = newKey()
  await prisma.$transaction([
    prisma.oneTimeLink.deleteMany({ where: { purpose: 'set-up', usedAt: null } }),
    prisma.oneTimeLink.create({ data: { id: newId(), purpose: 'set-up', hash: sha256Hex(key) } }),
  ])
  return key
}

/** Makes an invitation. @returns it and its key, which is told this once and kept as a hash only */
export async function createInvitation(
  invitation: Pick<Invitation, 'role' | 'note' | 'createdBy' | 'expiresAt'>,
): Promise<{ invitation: Invitation; key: string }> {
  const key = newKey()
  const { createdAt, id } = await prisma.oneTimeLink.create({
    data: {
      ...invitation,
      id: newId(),
      purpose: 'invitation',
      hash: sha256Hex(key),
      expiresAt: new Date(invitation.expiresAt),
    },
    select: { id: true, createdAt: true },
  })
  return { invitation: { ...invitation, id, createdAt: createdAt.getTime() }, key }
}

/** Invitations that still work, newest first. */
export async function listInvitations(): Promise<Invitation[]> {
  const rows = await prisma.oneTimeLink.findMany({
    where: openLinks('invitation'),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true, role: true, note: true, createdBy: true, createdAt: true, expiresAt: true },
  })
  return rows.map(({ role, note, createdBy, createdAt, expiresAt, id }) => ({
    id,
    role: role ?? 'viewer',
    note: note ?? '',
    createdBy: createdBy ?? '',
    createdAt: createdAt.getTime(),
    expiresAt: expiresAt?.getTime() ?? createdAt.getTime(),
  }))
}

/** Ends an invitation nobody has used. @returns whom it was for @throws AppError 'not-found' */
export async function withdrawInvitation(invitationId: string): Promise<string> {
  const open = { ...openLinks('invitation'), id: invitationId }
  const row = await prisma.oneTimeLink.findFirst({ where: open, select: { note: true, role: true } })
  const { count } = await prisma.oneTimeLink.deleteMany({ where: open })
  if (!row || count === 0) throw new AppError('not-found', 'There is no such invitation, or it was used already.')
  return row.note || `a ${row.role}`
}

/** True while the key would work. */
export async function isOneTimeLinkOpen(purpose: LinkPurpose, key: string): Promise<boolean> {
  return (
    (await prisma.oneTimeLink.findFirst({
      where: { ...openLinks(purpose), hash: sha256Hex(key) },
      select: { id: true },
    })) !== null
  )
}

function newKey(): string {
  return randomBytes(24).toString('base64url')
}
