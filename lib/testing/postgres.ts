import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { chooseAccount } from '@/bin/launcher/account.mjs'
import { embeddedPostgres, linkLibraries, postgresFolder } from '@/bin/launcher/postgres.mjs'
import { migrate, withDatabase } from '@/lib/db/migrate'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the migrated database that every test file clones. */
    templateUrl: string
  }
}

/** Starts a PostgreSQL for this run of tests and migrates the template once. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = join(import.meta.dirname, '../..')
  const data = mkdtempSync(join(tmpdir(), 'oomscope-test-'))
  // The account that runs PostgreSQL when we are root must be able to pass through.
  chmodSync(data, 0o755)
  const programs = postgresFolder(root)
  linkLibraries(programs)
  const postgres = embeddedPostgres({ programs, data, account: chooseAccount(), isQuiet: true })
  await postgres.prepare()
  await postgres.launch()
  const templateUrl = withDatabase(postgres.url, 'template_of_tests')
  await migrate(templateUrl, join(root, 'prisma/migrations'))
  project.provide('templateUrl', templateUrl)
  return async () => {
    await postgres.stop()
    rmSync(data, { recursive: true, force: true })
  }
}
