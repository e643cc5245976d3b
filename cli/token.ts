import { parseArgs } from 'node:util'
import { type Command, UsageError } from '@/cli/command'
import { connectToInstance } from '@/cli/instance'

const DAY_MS = 86_400_000

export const token: Command = {
  name: 'token',
  usage: 'token create [--name NAME] [--scope ingest|read|admin]… [--host H] [--days N]',
  summary: 'Make a token for agents and scripts; it is printed once and stored as a hash.',
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
  if (positionals.join(' ') !== 'create') throw new UsageError('Say what to do with tokens: create.')
  const days = values.days === undefined ? null : Number(values.days)
  if (days !== null && !(Number.isInteger(days) && days > 0)) throw new UsageError('--days is a whole number above 0.')
  connectToInstance()
  const { TOKEN_SCOPES } = await import('@/lib/db/tokens')
  const scopes = values.scope.map((scope) => {
    const known = TOKEN_SCOPES.find((candidate) => candidate === scope)
    if (!known) throw new UsageError(`${JSON.stringify(scope)} is not a scope; there are ${TOKEN_SCOPES.join(', ')}.`)
    return known
  })
  const { issueToken } = await import('@/lib/auth/tokens')
  const { secret } = await issueToken({
    name: values.name,
    scopes,
    host: values.host ?? null,
    expiresAt: days === null ? null : Date.now() + days * DAY_MS,
    createdById: null,
  })
  const { closeDatabase } = await import('@/lib/db/client')
  await closeDatabase()
  process.stdout.write(`${secret}\n`)
  return 0
}
