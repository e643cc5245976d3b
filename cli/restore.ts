import { parseArgs } from 'node:util'
import { type Command, UsageError } from '@/cli/command'
import { connectToInstance } from '@/cli/instance'
import { rowsWords } from '@/cli/rows-words'
import { AppError } from '@/lib/errors'

export const restore: Command = {
  name: 'restore',
  usage: 'restore FILE',
  summary: 'Bring a backup into a running instance in which nothing is stored yet: whole, or not at all.',
  run,
}

async function run(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('Say which backup: one file.')
  connectToInstance()
  const { env } = await import('@/lib/env')
  const backups = await import('@/lib/db/restore')
  try {
    const counts = await backups.restore(env.DATABASE_URL ?? '', file)
    process.stdout.write(
      `Restored ${file}: ${rowsWords(counts)}. People sign in again; links and tokens work as before.\n`,
    )
    return 0
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'syscall' in error) {
      throw new AppError('unavailable', `Nothing was restored: ${error.message}`)
    }
    throw error
  }
}
