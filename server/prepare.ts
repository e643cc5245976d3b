import { backupBefore } from '@/lib/db/backup'
import { closeDatabase } from '@/lib/db/client'
import { MigrationError, migrate } from '@/lib/db/migrate'
import { createSetUpLink } from '@/lib/db/one-time-links'
import { hasUsers } from '@/lib/db/users'
import { env } from '@/lib/env'

/** Run by the launcher before web and worker: migrates (after a backup), and while nobody has an account makes the link for the first. */
async function prepare(migrations: string): Promise<{ setUpKey: string | null }> {
  if (!env.DATABASE_URL) throw new MigrationError('DATABASE_URL is not set.')
  const { DATABASE_URL, OOMSCOPE_DATA } = env
  await migrate(DATABASE_URL, migrations, async (migration) => {
    const file = await backupBefore(DATABASE_URL, OOMSCOPE_DATA, migration)
    console.info(`Before the database is changed, it was backed up to ${file}`)
  })
  const setUpKey = (await hasUsers()) ? null : await createSetUpLink()
  await closeDatabase()
  return { setUpKey }
}

try {
  const answer = await prepare(process.argv[2] ?? 'prisma/migrations')
  process.send?.(answer, () => process.disconnect())
} catch (error) {
  const isExpected = error instanceof MigrationError || (error instanceof Error && 'code' in error)
  console.error(isExpected ? `The database cannot be used: ${error.message}` : error)
  process.exit(1)
}
