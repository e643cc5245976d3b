import type { KnownNames } from '@/lib/analysis/redact-snapshot'
import { prisma } from '@/lib/db/client'

const MOST = 10_000

/** The names this instance knows: of its hosts, its people, and of these uploads with the files inside them. */
export async function listKnownNames(uploadIds: string[]): Promise<KnownNames> {
  const [hosts, users, uploads] = await Promise.all([
    prisma.host.findMany({ select: { name: true, aliases: true }, take: MOST, orderBy: { lastSeenAt: 'desc' } }),
    prisma.user.findMany({ select: { name: true, email: true }, take: MOST }),
    prisma.upload.findMany({
      where: { id: { in: uploadIds } },
      select: { name: true, hostHint: true, chosenHost: true, receipts: true },
    }),
  ])
  return {
    hosts: [
      ...hosts.flatMap(({ name, aliases }) => [name, ...aliases]),
      ...uploads.flatMap(({ hostHint, chosenHost }) => [hostHint, chosenHost]).filter((name) => name !== null),
    ],
    users: users.flatMap(({ name, email }) => [name, email]),
    files: uploads.flatMap(({ name, receipts }) => [name, ...namesOf(receipts)]),
  }
}

/** A file inside an archive has a receipt of its own, under the name it has there. */
function namesOf(receipts: unknown): string[] {
  if (!Array.isArray(receipts)) return []
  return receipts.map((receipt) => receipt?.name).filter((name) => typeof name === 'string')
}
