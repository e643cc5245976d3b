import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { withDatabase } from '@/lib/db/migrate'

// Before the test file and with it lib/env is loaded: every file works on its own copy of the migrated database.
const templateUrl = inject('templateUrl')
const name = `test_${randomBytes(6).toString('hex')}`
const server = new pg.Client({ connectionString: withDatabase(templateUrl, 'postgres') })
await server.connect()
await server.query(`create database ${name} template template_of_tests`)
await server.end()
process.env.DATABASE_URL = withDatabase(templateUrl, name)
process.env.OOMSCOPE_SECRET = 'a secret for tests, of no use anywhere else'

afterAll(async () => {
  const { closeDatabase } = await import('@/lib/db/client')
  await closeDatabase()
})
