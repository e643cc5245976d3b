import { pool, prisma } from '@/lib/db/client'
import type { Prisma } from '@/lib/db/generated/client'
import { newId, sha256Hex } from '@/lib/db/ids'
import { AppError } from '@/lib/errors'
import type { EpochMs } from '@/lib/units'

export const TOKEN_SCOPES = ['ingest', 'read', 'admin'] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]

/** A key for agents and scripts, without its secret. */
export interface ApiToken {
  id: string
  name: string
  /** First characters, to tell tokens apart. */
  prefix: string
  scopes: TokenScope[]
  /** The only host it may write for, or a pattern of hosts (`web-*`); null: any. */
  host: string | null
  createdAt: EpochMs
  expiresAt: EpochMs | null
  lastUsedAt: EpochMs | null
  revokedAt: EpochMs | null
}

/** True when a token's `host` names several: `*` stands for any letters, also none. */
export function isHostPattern(host: string): boolean {
  return host.includes('*')
}

/** True when a token bound to `pattern` may write for the host, whatever the case of its letters. */
export function matchesHost(pattern: string, hostname: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*')
  const name = hostname.toLowerCase()
  const last = rest.pop()
  if (last === undefined) return name === first
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  // Taking each part at its first place is enough: the last one was taken from the end.
  let from = first.length
  const end = name.length - last.length
  for (const part of rest) {
    const at = name.indexOf(part, from)
    if (at < 0 || at + part.length > end) return false
    from = at + part.length
  }
  return true
}

const select = {
  id: true,
  name: true,
  prefix: true,
  scopes: true,
  host: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
  revokedAt: true,
} satisfies Prisma.ApiTokenSelect

type Row = Prisma.ApiTokenGetPayload<{ select: typeof select }>
const COLUMNS = Object.keys(select)
  .map((column) => `"${column}"`)
  .join(', ')

/** Stores a token by its hash. @param secret the whole text that the agent will send */
export async function saveToken(
  secret: string,
  token: {
    name: string
    scopes: TokenScope[]
    host: string | null
    expiresAt: EpochMs | null
    createdById: string | null
  },
): Promise<ApiToken> {
  const row = await prisma.apiToken.create({
    data: {
      ...token,
      id: newId(),
      prefix: secret.slice(0, 12),
      hash: sha256Hex(secret),
      expiresAt: token.expiresAt === null ? null : new Date(token.expiresAt),
    },
    select,
  })
  return toToken(row)
}

/** Newest first, revoked ones included. */
export async function listTokens(): Promise<ApiToken[]> {
  const rows = await prisma.apiToken.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], select })
  return rows.map(toToken)
}

/** The token that is valid now; null when unknown, revoked or expired. Keeps the minute of its last use. */
export async function findToken(secret: string): Promise<ApiToken | null> {
  // Asked with every request of every agent: a prepared statement costs a fifth of what the client of Prisma does.
  const { rows } = await pool.query<Row>({
    name: 'find-token',
    text: `select ${COLUMNS} from "ApiToken"
            where "hash" = $1 and "revokedAt" is null and ("expiresAt" is null or "expiresAt" > now())`,
    values: [sha256Hex(secret)],
  })
  const row = rows[0]
  if (!row) return null
  const now = new Date()
  const minuteAgo = new Date(now.getTime() - 60_000)
  if (row.lastUsedAt === null || row.lastUsedAt < minuteAgo) {
    await prisma.apiToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: now } })
  }
  return toToken(row)
}

/**
 * From this moment it opens nothing.
 *
 * @returns its name, and whether it was this call that revoked it
 * @throws AppError 'not-found'
 */
export async function revokeToken(tokenId: string): Promise<{ name: string; isNews: boolean }> {
  const { count } = await prisma.apiToken.updateMany({
    where: { id: tokenId, revokedAt: null },
    data: { revokedAt: new Date() },
  })
  const token = await prisma.apiToken.findUnique({ where: { id: tokenId }, select: { name: true } })
  if (!token) throw new AppError('not-found', 'There is no such token.')
  return { name: token.name, isNews: count === 1 }
}

function toToken(row: Row): ApiToken {
  return {
    ...row,
    // Written from TokenScope[] by saveToken alone.
    scopes: row.scopes as TokenScope[],
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt?.getTime() ?? null,
    lastUsedAt: row.lastUsedAt?.getTime() ?? null,
    revokedAt: row.revokedAt?.getTime() ?? null,
  }
}
