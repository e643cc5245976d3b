import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { type Command, UsageError } from '@/cli/command'
import { connectToInstance } from '@/cli/instance'

export const user: Command = {
  name: 'user',
  usage:
    'user create --email E [--name N] [--role viewer|member|admin]      the password comes from a pipe, else one is made',
  summary: 'Make an account.',
  run,
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { email: { type: 'string' }, name: { type: 'string' }, role: { type: 'string', default: 'member' } },
  })
  if (positionals.join(' ') !== 'create') throw new UsageError('Say what to do with accounts: create.')
  if (!values.email) throw new UsageError('An account needs an address: --email ada@example.org')
  connectToInstance()
  const { ROLES } = await import('@/lib/auth/roles')
  const role = ROLES.find((candidate) => candidate === values.role)
  if (!role) throw new UsageError(`${JSON.stringify(values.role)} is not a role; there are ${ROLES.join(', ')}.`)
  const typed = process.stdin.isTTY ? '' : (await text(process.stdin)).trim()
  const password = typed || randomBytes(15).toString('base64url')
  const { accountDraft, createUser } = await import('@/lib/auth/accounts')
  const draft = accountDraft.safeParse({ name: values.name ?? values.email, email: values.email, password })
  if (!draft.success) throw new UsageError(draft.error.issues.map(({ message }) => message).join(' '))
  await createUser(draft.data, role)
  const { COMMAND_LINE, recordAudit } = await import('@/lib/db/audit')
  await recordAudit(COMMAND_LINE, 'user-made', `${draft.data.email}: ${role}`)
  const { closeDatabase } = await import('@/lib/db/client')
  await closeDatabase()
  process.stdout.write(typed ? 'Made.\n' : `Made. Its password, shown this once: ${password}\n`)
  return 0
}
