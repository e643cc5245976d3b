import { randomBytes } from 'node:crypto'
import type { ShareLink, ShareSnapshot } from '@/lib/analysis/share'
import { prisma } from '@/lib/db/client'
import type { Prisma } from '@/lib/db/generated/client'
import { newId, sha256Hex } from '@/lib/db/ids'
import { fromJson, toJson } from '@/lib/db/json'
import { AppError } from '@/lib/errors'
import type { EpochMs } from '@/lib/units'

const TOKEN_BYTES = 18
const TOKEN_SHAPE = /^[\w-]{24}$/
const PAGE_LIMIT = 500

const select = {
  id: true,
  incidentId: true,
  isRedacted: true,
  createdBy: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
  views: true,
  lastViewedAt: true,
} satisfies Prisma.ShareLinkSelect

/** Freezes what the other side will see. @returns the link and its token, which is shown this once and never stored */
export async function createShare(share: {
  /** The incident it is a link to: a redacted snapshot does not tell. */
  incidentId: string
  snapshot: ShareSnapshot
  expiresAt: EpochMs
  createdBy: { id: string | null; name: string }
}): Promise<{ link: ShareLink; token: string }> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const row = await prisma.shareLink.create({
    data: {
      id: newId(),
      tokenHash: sha256Hex(token),
      incidentId: share.incidentId,
      isRedacted: !!share.snapshot.redaction,
      snapshot: JSON.parse(toJson(share.snapshot)),
      createdById: share.createdBy.id,
      createdBy: share.createdBy.name,
      expiresAt: new Date(share.expiresAt),
    },
    select,
  })
  return { link: toLink(row), token }
}

/** Newest first; of one incident, or all of the instance. Revoked and expired ones included. */
export async function listShares({ incidentId }: { incidentId?: string } = {}): Promise<ShareLink[]> {
  const rows = await prisma.shareLink.findMany({
    where: incidentId === undefined ? {} : { incidentId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: PAGE_LIMIT,
    select,
  })
  return rows.map(toLink)
}

/** From this moment the link opens nothing. @throws AppError 'not-found' */
export async function revokeShare(shareId: string): Promise<void> {
  const { count } = await prisma.shareLink.updateMany({
    where: { id: shareId, revokedAt: null },
    data: { revokedAt: new Date() },
  })
  if (count === 1) return
  const link = await prisma.shareLink.findUnique({ where: { id: shareId }, select: { id: true } })
  if (!link) throw new AppError('not-found', 'There is no such link.')
}

/** What an open link shows, and until when. */
export interface OpenShare {
  snapshot: ShareSnapshot
  expiresAt: EpochMs
}

/** What the link shows, counted as a view; null when it does not exist, was revoked or has expired: the three look the same. */
export async function openShare(token: string): Promise<OpenShare | null> {
  const found = await findOpen(token)
  if (!found) return null
  const { id, ...share } = found
  await prisma.shareLink.updateMany({ where: { id }, data: { views: { increment: 1 }, lastViewedAt: new Date() } })
  return share
}

/** The same for a part of a page that is open already, which is no new view. */
export async function openShareAgain(token: string): Promise<OpenShare | null> {
  const found = await findOpen(token)
  return found && { snapshot: found.snapshot, expiresAt: found.expiresAt }
}

async function findOpen(token: string): Promise<(OpenShare & { id: string }) | null> {
  if (!TOKEN_SHAPE.test(token)) return null
  const row = await prisma.shareLink.findUnique({
    where: { tokenHash: sha256Hex(token), revokedAt: null, expiresAt: { gt: new Date() } },
    select: { id: true, snapshot: true, expiresAt: true },
  })
  if (!row) return null
  return { id: row.id, snapshot: fromJson<ShareSnapshot>(row.snapshot), expiresAt: row.expiresAt.getTime() }
}

/** The same for a program. @throws AppError 'not-found', with the same words whatever the reason */
export async function getShare(token: string): Promise<OpenShare> {
  const share = await openShare(token)
  if (!share) throw new AppError('not-found', 'There is no such link.')
  return share
}

function toLink(row: Prisma.ShareLinkGetPayload<{ select: typeof select }>): ShareLink {
  return {
    ...row,
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
    revokedAt: row.revokedAt?.getTime() ?? null,
    lastViewedAt: row.lastViewedAt?.getTime() ?? null,
  }
}
