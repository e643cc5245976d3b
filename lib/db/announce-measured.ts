import { pool } from '@/lib/db/client'
import { CHANNEL } from '@/lib/db/queue'

const PAUSE_MS = 1_000
/** A payload of NOTIFY is shorter than 8,000 bytes; an id takes 23 of them. */
const HOSTS_OF_ONE_PAYLOAD = 300

const waiting = new Set<string>()
let timer: NodeJS.Timeout | null = null

/**
 * Tells every listening process that something was measured on these hosts: within a second, and at most once a second
 * however many requests stored it. Call it after the commit: PostgreSQL commits transactions that hold a NOTIFY one
 * after the other.
 */
export function announceMeasured(hostIds: Iterable<string>): void {
  for (const hostId of hostIds) waiting.add(hostId)
  if (waiting.size === 0 || timer) return
  timer = setTimeout(() => void tell(), PAUSE_MS).unref()
}

async function tell(): Promise<void> {
  timer = null
  const hostIds = [...waiting]
  waiting.clear()
  const payloads: string[] = []
  for (let start = 0; start < hostIds.length; start += HOSTS_OF_ONE_PAYLOAD) {
    payloads.push(JSON.stringify({ measured: hostIds.slice(start, start + HOSTS_OF_ONE_PAYLOAD) }))
  }
  // Lost with the database: whoever listens looks again once listening began anew.
  await pool
    .query('select pg_notify($1, "payload") from unnest($2::text[]) as p("payload")', [CHANNEL, payloads])
    .catch(() => {})
}
