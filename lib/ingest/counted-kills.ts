import type pg from 'pg'
import { findHostName } from '@/lib/db/hosts'
import type { ContainerKills } from '@/lib/ingest/containers'
import { msToNs } from '@/lib/ingest/protocols/wire-time'
import type { CountedKills } from '@/lib/ingest/rates'
import { appendInTransaction } from '@/lib/ingest/streams'
import type { EpochMs } from '@/lib/units'

/** Name of the stream that holds what was counted. */
const SOURCE = 'counters'

type Client = Pick<pg.PoolClient, 'query'>

/**
 * Writes rises of the kernel's count of kills into the host's stream, where lib/oom/sources/counters.ts reads them: an
 * incident without a report, which the log joins when it comes.
 *
 * @param client inside a transaction
 */
export function noteCountedKills(client: Client, hostId: string, rises: readonly CountedKills[]): Promise<void> {
  return note(
    client,
    hostId,
    rises.map(({ since, until, from, to }) => ({
      at: until,
      text: wordsOf(to - from, `oom_kill ${from} to ${to}`, '', since, until),
    })),
  )
}

/** The same of kills that cAdvisor counted or the kubelet told. */
export function noteContainerKills(client: Client, hostId: string, kills: readonly ContainerKills[]): Promise<void> {
  return note(
    client,
    hostId,
    kills.map(({ at, path, name, rise }) => {
      const place = [path, name === null ? null : `(${name})`].filter((part) => part !== null).join(' ')
      // A name with a space would read as two.
      const where = ` in ${place.replace(/\s(?!\()/g, '\\x20')}`
      if (rise === null) return { at, text: `the kubelet said OOMKilled${where} at ${new Date(at).toISOString()}` }
      const { since, from, to } = rise
      return { at, text: wordsOf(to - from, `container_oom_events_total ${from} to ${to}`, where, since, at) }
    }),
  )
}

async function note(client: Client, hostId: string, told: readonly { at: EpochMs; text: string }[]): Promise<void> {
  const hostname = await findHostName(client, hostId)
  const lines = told.map(({ at, text }) => ({
    host: hostname,
    atNs: msToNs(at),
    program: 'oomscope',
    pid: null,
    priority: 4,
    bootId: null,
    monotonicUs: null,
    text,
  }))
  const receivedAt = told.at(-1)?.at ?? 0
  await appendInTransaction(client, lines, { hostId, hostname, source: SOURCE, batch: '', receivedAt })
}

function wordsOf(count: number, change: string, where: string, since: EpochMs, until: EpochMs): string {
  const [from, to] = [since, until].map((at) => new Date(at).toISOString())
  return `the kernel counted ${count} OOM kill${count === 1 ? '' : 's'} (${change})${where} between ${from} and ${to}`
}
