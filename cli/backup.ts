import { parseArgs } from 'node:util'
import { type Command, UsageError } from '@/cli/command'
import { connectToInstance } from '@/cli/instance'
import { rowsWords } from '@/cli/rows-words'
import { AppError } from '@/lib/errors'

export const backup: Command = {
  name: 'backup',
  usage: 'backup FILE',
  summary: 'Write everything that is stored to a file, while the instance runs. Sessions and the secret are not in it.',
  run,
}

async function run(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('Say where to: one file.')
  connectToInstance()
  const { env } = await import('@/lib/env')
  const backups = await import('@/lib/db/backup')
  try {
    const counts = await backups.backup(env.DATABASE_URL ?? '', file)
    process.stdout.write(`Wrote ${file}: ${rowsWords(counts)}.\n`)
    return 0
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'syscall' in error) {
      throw new AppError('unavailable', `Nothing was written: ${error.message}`)
    }
    throw error
  }
}
