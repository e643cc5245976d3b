import type { Command } from '@/cli/command'
import { connectToInstance } from '@/cli/instance'
import { projectPath } from '@/cli/project'
import { AppError } from '@/lib/errors'

export const migrate: Command = {
  name: 'migrate',
  usage: 'migrate',
  summary: 'Bring the database to this version. "oomscope start" does it by itself.',
  run,
}

async function run(): Promise<number> {
  connectToInstance()
  const { env } = await import('@/lib/env')
  const migrations = await import('@/lib/db/migrate')
  const { backupBefore } = await import('@/lib/db/backup')
  const url = env.DATABASE_URL ?? ''
  try {
    const applied = await migrations.migrate(url, projectPath('prisma/migrations'), async (migration) => {
      process.stdout.write(`Backed up to ${await backupBefore(url, env.OOMSCOPE_DATA, migration)}.\n`)
    })
    process.stdout.write(applied.length === 0 ? 'Nothing to do.\n' : `Applied ${applied.join(', ')}.\n`)
    return 0
  } catch (error) {
    if (error instanceof migrations.MigrationError) throw new AppError('conflict', error.message)
    throw error
  }
}
