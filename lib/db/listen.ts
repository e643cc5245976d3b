import pg from 'pg'
import { type Announcement, CHANNEL } from '@/lib/db/queue'
import { env } from '@/lib/env'

const RETRY_MS = 1_000

type Listener = (message: Announcement) => void

interface Held {
  /** Each with what it does whenever listening begins. */
  listeners: Map<Listener, () => void>
  client: pg.Client | null
  isListening: boolean
  timer: NodeJS.Timeout | null
}

// One connection for the whole process, however many copies of this module Next's bundles hold.
const holder: typeof globalThis & { oomscopeListen?: Held } = globalThis
holder.oomscopeListen ??= { listeners: new Map(), client: null, isListening: false, timer: null }
const held = holder.oomscopeListen

/**
 * Hears what processes announce (lib/db/queue.ts). What is announced while the connection is being made is missed:
 * listeners look for themselves now and then, or when they are told that listening began.
 *
 * @param onListening called once everything announced from then on is heard, and again after a lost connection
 * @returns stops listening; the connection is closed with the last listener
 */
export function listen(listener: Listener, onListening: () => void = () => {}): () => Promise<void> {
  held.listeners.set(listener, onListening)
  if (held.isListening) onListening()
  if (!held.client && !held.timer) connect()
  return async () => {
    held.listeners.delete(listener)
    if (held.listeners.size > 0) return
    if (held.timer) clearTimeout(held.timer)
    held.timer = null
    const { client } = held
    held.client = null
    held.isListening = false
    await client?.end().catch(() => {})
  }
}

function connect(): void {
  held.timer = null
  const client = new pg.Client({
    connectionString: env.DATABASE_URL,
    application_name: 'oomscope listen',
    keepAlive: true,
  })
  held.client = client
  client.on('notification', ({ payload }) => {
    // Only queue.ts writes to this channel.
    const message = JSON.parse(payload ?? '{}') as Announcement
    for (const listener of [...held.listeners.keys()]) listener(message)
  })
  client.on('error', () => {})
  client.on('end', () => retry(client))
  client
    .connect()
    .then(() => client.query(`listen ${CHANNEL}`))
    .then(() => began(client))
    .catch(() => retry(client))
}

function began(client: pg.Client): void {
  if (held.client !== client) return
  held.isListening = true
  for (const onListening of [...held.listeners.values()]) onListening()
}

function retry(client: pg.Client): void {
  if (held.client !== client) return
  held.client = null
  held.isListening = false
  if (held.listeners.size > 0 && !held.timer) held.timer = setTimeout(connect, RETRY_MS)
}
