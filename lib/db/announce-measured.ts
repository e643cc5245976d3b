import { pool } from '@/lib/db/client'
import { CHANNEL } from '@/lib/db/queue'
import type { EpochMs } from '@/lib/units'

const PAUSE_MS = 1_000
/** A payload of NOTIFY is shorter than 8,000 bytes; an id takes 23 of them. */
const HOSTS_OF_ONE_PAYLOAD = 300

interface Span {
  from: EpochMs
  to: EpochMs
}

/** By host: the span of what was stored. */
const waiting = new Map<string, Span>()
let timer: NodeJS.Timeout | null = null

/**
 * Tells every listening process that something was measured on this host, and for which time: within a second, and at
 * most once a second however many requests stored it. Call it after the commit: PostgreSQL commits transactions that hold
 * a NOTIFY one after the other.
 */
export function announceMeasured(hostId: string, { from, to }: Span): void {
  const known = waiting.get(hostId)
  waiting.set(hostId, { from: Math.min(known?.from ?? from, from), to: Math.max(known?.to ?? to, to) })
  if (!timer) timer = setTimeout(() => void tell(), PAUSE_MS).unref()
}

async function tell(): Promise<void> {
  timer = null
  const measured = [...waiting]
  waiting.clear()
  const payloads: string[] = []
  for (let start = 0; start < measured.length; start += HOSTS_OF_ONE_PAYLOAD) {
    const part = measured.slice(start, start + HOSTS_OF_ONE_PAYLOAD)
    payloads.push(
      JSON.stringify({
        measured: part.map(([hostId]) => hostId),
        from: Math.min(...part.map(([, { from }]) => from)),
        to: Math.max(...part.map(([, { to }]) => to)),
      }),
    )
  }
  // Lost with the database: whoever listens looks again once listening began anew.
  await pool
    .query('select pg_notify($1, "payload") from unnest($2::text[]) as p("payload")', [CHANNEL, payloads])
    .catch(() => {})
}
