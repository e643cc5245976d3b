import { randomBytes } from 'node:crypto'
import { prisma } from '@/lib/db/client'
import { newId, sha256Hex } from '@/lib/db/ids'

export type LinkPurpose = 'set-up'

/** Makes a key that works once; earlier unused ones of the same purpose stop working. @returns the key, kept as a hash only */
export async function createOneTimeLink(purpose: LinkPurpose): Promise<string> {
  const key = randomBytes(24).toString('base64url')
  await prisma.$transaction([
    prisma.oneTimeLink.deleteMany({ where: { purpose, usedAt: null } }),
    prisma.oneTimeLink.create({ data: { id: newId(), purpose, hash: sha256Hex(key) } }),
  ])
  return key
}

/** True while the key would work. */
export async function isOneTimeLinkOpen(purpose: LinkPurpose, key: string): Promise<boolean> {
  return (await prisma.oneTimeLink.findFirst({ where: { purpose, hash: sha256Hex(key), usedAt: null } })) !== null
}
