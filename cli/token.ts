import { parseArgs } from 'node:util'
import { type Command, UsageError } from '@/cli/command'
import { connectToInstance } from '@/cli/instance'

const DAY_MS = 86_400_000

export const token: Command = {
  name: 'token',
  usage:
    'token create [--name NAME] [--scope ingest|read|admin]… [--host H|web-*] [--days N] | token list | token revoke ID',
  summary: 'Make a token for agents and scripts (printed once, stored as a hash), list them, or end one.',
  run,
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      name: { type: 'string', default: 'made on the command line' },
      scope: { type: 'string', multiple: true, default: ['ingest'] },
      host: { type: 'string' },
      days: { type: 'string' },
    },
  })
  const [what, tokenId, ...rest] = positionals
  if (rest.length > 0 || (what === 'revoke') !== (tokenId !== undefined)) {
    throw new UsageError('Say what to do with tokens: create, list, or revoke with the id that list shows.')
  }
  if (what === 'create') return create(values)
  if (what === 'list') return list()
  if (what === 'revoke' && tokenId !== undefined) return revoke(tokenId)
  throw new UsageError('Say what to do with tokens: create, list or revoke.')
}

async function create(values: { name: string; scope: string[]; host?: string; days?: string }): Promise<number> {
  const days = values.days === undefined ? null : Number(values.days)
  if (days !== null && !(Number.isInteger(days) && days > 0)) throw new UsageError('--days is a whole number above 0.')
  connectToInstance()
  const { TOKEN_SCOPES } = await import('@/lib/db/tokens')
  const scopes = values.scope.map((scope) => {
    const known = TOKEN_SCOPES.find((candidate) => candidate === scope)
    if (!known) throw new UsageError(`${JSON.stringify(scope)} is not a scope; there are ${TOKEN_SCOPES.join(', ')}.`)
    return known
  })
  return withDatabase(async () => {
    const { issueToken } = await import('@/lib/auth/tokens')
    const { COMMAND_LINE, recordAudit } = await import('@/lib/db/audit')
    const { secret } = await issueToken({
      name: values.name,
      scopes,
      host: values.host ?? null,
      expiresAt: days === null ? null : Date.now() + days * DAY_MS,
      createdById: null,
    })
    await recordAudit(COMMAND_LINE, 'token-made', `${values.name}: ${scopes.join(', ')}`)
    process.stdout.write(`${secret}\n`)
  })
}

/** One token a line, with tabs between: id, beginning, scopes, host, last use, state, name. */
async function list(): Promise<number> {
  connectToInstance()
  return withDatabase(async () => {
    const { listTokens } = await import('@/lib/db/tokens')
    const { visibleText } = await import('@/lib/text/visible')
    for (const each of await listTokens()) {
      const isExpired = each.expiresAt !== null && each.expiresAt <= Date.now()
      const state = each.revokedAt !== null ? 'revoked' : isExpired ? 'expired' : 'valid'
      const used = each.lastUsedAt === null ? 'never used' : new Date(each.lastUsedAt).toISOString()
      const cells = [each.id, `${each.prefix}…`, each.scopes.join(','), each.host ?? 'any host', used, state, each.name]
      process.stdout.write(`${cells.map(visibleText).join('\t')}\n`)
    }
  })
}

async function revoke(tokenId: string): Promise<number> {
  connectToInstance()
  return withDatabase(async () => {
    const { revokeToken } = await import('@/lib/db/tokens')
    const { COMMAND_LINE, recordAudit } = await import('@/lib/db/audit')
    const { name, isNews } = await revokeToken(tokenId)
    if (isNews) await recordAudit(COMMAND_LINE, 'token-revoked', name)
    process.stdout.write(isNews ? 'Revoked.\n' : 'It was revoked before.\n')
  })
}

/** Without this its connections keep the process running. */
async function withDatabase(work: () => Promise<void>): Promise<number> {
  const { closeDatabase } = await import('@/lib/db/client')
  try {
    await work()
    return 0
  } finally {
    await closeDatabase()
  }
}
