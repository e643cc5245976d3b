import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '@/lib/db/generated/client'
import { env } from '@/lib/env'

const POOL_SIZE = 10

interface Held {
  pool: pg.Pool
  prisma: PrismaClient
}

// In development a module is evaluated again at every change; its connections must not pile up.
const holder: typeof globalThis & { oomscopeDb?: Held } = globalThis

function connect(): Held {
  const pool = new pg.Pool({
    connectionString: env.DATABASE_URL,
    max: POOL_SIZE,
    application_name: 'oomscope',
    connectionTimeoutMillis: 10_000,
  })
  // An idle connection that the server closed is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {})
  // So would one that is lost between two statements of a transaction; the next statement tells its caller.
  pool.on('connect', (client) => client.on('error', () => {}))
  return { pool, prisma: new PrismaClient({ adapter: new PrismaPg(pool) }) }
}

holder.oomscopeDb ??= connect()

/** Connections for bulk statements, streams and transactions of several statements. Opened on first use. */
export const pool = holder.oomscopeDb.pool
export const prisma = holder.oomscopeDb.prisma

/** Runs `work` in one transaction on one connection; rolls back when it throws. */
export async function inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    // A connection that cannot even roll back is closed, not given back.
    const isBroken = await client.query('rollback').then(
      () => false,
      () => true,
    )
    client.release(isBroken)
    throw error
  }
}

export async function closeDatabase(): Promise<void> {
  await prisma.$disconnect()
  if (!pool.ended) await pool.end()
}

/** @throws when the database cannot be reached */
export async function pingDatabase(): Promise<void> {
  await pool.query('select 1')
}
