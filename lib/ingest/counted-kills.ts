import type pg from 'pg'
import { findHostName } from '@/lib/db/hosts'
import { msToNs } from '@/lib/ingest/protocols/wire-time'
import type { CountedKills } from '@/lib/ingest/rates'
import { appendInTransaction } from '@/lib/ingest/streams'

/** Name of the stream that holds what was counted. */
const SOURCE = 'counters'

/**
 * Writes rises of the kernel's count of kills into the host's stream, where lib/oom/sources/counters.ts reads them: an
 * incident without a report, which the log joins when it comes.
 *
 * @param client inside a transaction
 */
export async function noteCountedKills(
  client: Pick<pg.PoolClient, 'query'>,
  hostId: string,
  rises: readonly CountedKills[],
): Promise<void> {
  const hostname = await findHostName(client, hostId)
  const lines = rises.map(({ since, until, from, to }) => ({
    host: hostname,
    atNs: msToNs(until),
    program: 'oomscope',
    pid: null,
    priority: 4,
    bootId: null,
    monotonicUs: null,
    text: wordsOf(to - from, `oom_kill ${from} to ${to}`, since, until),
  }))
  const receivedAt = rises.at(-1)?.until ?? 0
  await appendInTransaction(client, lines, { hostId, hostname, source: SOURCE, batch: '', receivedAt })
}

function wordsOf(count: number, change: string, since: number, until: number): string {
  const [from, to] = [since, until].map((at) => new Date(at).toISOString())
  return `the kernel counted ${count} OOM kill${count === 1 ? '' : 's'} (${change}) between ${from} and ${to}`
}
