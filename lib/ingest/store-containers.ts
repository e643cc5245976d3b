import type pg from 'pg'
import { mergeCgroups } from '@/lib/db/cgroup-parts'
import { holdCounters, type StoredCounter, saveCounters } from '@/lib/db/counters'
import { lockSamples } from '@/lib/db/samples'
import { type ContainerState, containersOf, STATE_PREFIX } from '@/lib/ingest/containers'
import { noteContainerKills } from '@/lib/ingest/counted-kills'
import type { ContainerReading } from '@/lib/ingest/protocols/protocol'
import type { CgroupParts } from '@/lib/metrics/measured'

type Client = Pick<pg.PoolClient, 'query'>

/** A total that stands still is written this often: a node has hundreds of containers that never hit their limits. */
const UNCHANGED_EVERY_MS = 60_000

/**
 * Stores what containers of some hosts used, and writes kills among them into their hosts' streams. Sending it again
 * changes nothing.
 *
 * @param client inside a transaction that holds no samples yet
 */
export async function storeContainers(
  client: Client,
  readingsByHost: ReadonlyMap<string, readonly ContainerReading[]>,
): Promise<void> {
  const hostIds = [...readingsByHost.keys()].sort()
  if (hostIds.length === 0) return
  const known = await holdCounters(client, hostIds, STATE_PREFIX)
  const parts = new Map<string, CgroupParts[]>()
  const changed = new Map<string, StoredCounter[]>()
  for (const hostId of hostIds) {
    const before = known.get(hostId) ?? []
    const state: ContainerState = new Map(before.map(({ name, at, value }) => [name, { at, value }]))
    const told = containersOf(readingsByHost.get(hostId) ?? [], state)
    if (told.kills.length > 0) await noteContainerKills(client, hostId, told.kills)
    parts.set(hostId, told.parts)
    changed.set(hostId, changesOf(state, before))
  }
  await lockSamples(hostIds, client)
  await mergeCgroups(client, parts)
  await saveCounters(client, changed)
}

function changesOf(state: ContainerState, before: readonly StoredCounter[]): StoredCounter[] {
  const stored = new Map(before.map((counter) => [counter.name, counter]))
  return [...state].flatMap(([name, { at, value }]) => {
    const known = stored.get(name)
    const isNews = !known || value !== known.value || at - known.at >= UNCHANGED_EVERY_MS
    return isNews ? [{ name, at, value }] : []
  })
}
