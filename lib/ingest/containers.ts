import type { ContainerReading } from '@/lib/ingest/protocols/protocol'
import type { CounterValue } from '@/lib/ingest/rates'
import type { CgroupPart, CgroupParts } from '@/lib/metrics/measured'
import type { Bytes, EpochMs } from '@/lib/units'

/** What is remembered of a host's containers between requests, by a name that begins with `STATE_PREFIX`. */
export type ContainerState = Map<string, CounterValue>

export const STATE_PREFIX = 'cgroup '

/** Kills in a container that its sender counted or told, with no report. */
export interface ContainerKills {
  at: EpochMs
  /** Null where only the container's name is told. */
  path: string | null
  name: string | null
  /** How the total rose; null for a state that says only that the last end was a kill. */
  rise: { since: EpochMs; from: number; to: number } | null
}

/** Above every machine: cgroup v1 has 2^63 less a page for "no limit", and doubles round it. */
const NO_LIMIT: Bytes = 2 ** 53

/**
 * What a host's containers used at each instant, and the kills among them. A total becomes what it rose by since the
 * value before; the limit of a container whose cgroup tells none is the last one told of its name.
 *
 * @param state the last values known; is brought up to date
 * @returns parts of lists: the rest of an instant may come in other requests
 */
export function containersOf(
  readings: readonly ContainerReading[],
  state: ContainerState,
): { parts: CgroupParts[]; kills: ContainerKills[] } {
  const byInstant = new Map<EpochMs, Map<string, CgroupPart>>()
  const kills: ContainerKills[] = []
  for (const reading of [...readings].sort((a, b) => a.at - b.at)) {
    if ('isOomKilled' in reading) {
      if (hasTurnedKilled(reading, state)) kills.push({ ...placeOf(reading), rise: null })
      continue
    }
    if (reading.path === null) {
      if ('level' in reading && reading.level === 'limit') keepLimit(reading, reading.value, state)
      continue
    }
    const instant = byInstant.get(reading.at) ?? new Map<string, CgroupPart>()
    byInstant.set(reading.at, instant)
    const part = instant.get(reading.path) ?? emptyPart(reading.path)
    instant.set(reading.path, part)
    part.name ??= reading.name
    if ('level' in reading) {
      if (reading.level !== 'limit') part[reading.level] ??= reading.value
      else if (reading.value > 0 && reading.value < NO_LIMIT) part.limit ??= reading.value
      continue
    }
    const rise = riseOf(reading, state)
    if (rise === null) continue
    part[reading.total] ??= rise.to - rise.from
    if (reading.total === 'oomKills' && rise.to > rise.from) kills.push({ ...placeOf(reading), rise })
  }
  const parts = [...byInstant].map(([at, cgroups]) => ({ at, cgroups: [...cgroups.values()] }))
  for (const { cgroups } of parts) {
    for (const part of cgroups) part.limit ??= (part.name && state.get(limitKey(part.name))?.value) || null
  }
  return { parts, kills }
}

function emptyPart(path: string): CgroupPart {
  return {
    path,
    name: null,
    usage: null,
    workingSet: null,
    rss: null,
    cache: null,
    swap: null,
    limit: null,
    oomKills: null,
    limitHits: null,
  }
}

function placeOf({ at, path, name }: ContainerReading): Pick<ContainerKills, 'at' | 'path' | 'name'> {
  return { at, path, name }
}

function limitKey(name: string): string {
  return `${STATE_PREFIX}limit ${name}`
}

function keepLimit({ at, name }: ContainerReading, value: Bytes, state: ContainerState): void {
  if (name === null) return
  const known = state.get(limitKey(name))
  if (!known || known.at <= at) state.set(limitKey(name), { at, value })
  // That it is known, before it is told to have been killed.
  if (!state.has(killedKey(name))) state.set(killedKey(name), { at, value: 0 })
}

function killedKey(name: string): string {
  return `${STATE_PREFIX}killed ${name}`
}

/**
 * Whether the state has turned to "killed" since the container was first seen. The first time anything is told of a
 * container its last end may be days ago, so that is no kill of this moment.
 */
function hasTurnedKilled(
  { at, name, isOomKilled }: ContainerReading & { isOomKilled: boolean },
  state: ContainerState,
): boolean {
  if (name === null) return false
  const known = state.get(killedKey(name))
  const value = isOomKilled ? 1 : 0
  if (known && known.at > at) return false
  if (!known || known.value !== value) state.set(killedKey(name), { at, value })
  return isOomKilled && known !== undefined && known.value === 0 && known.at < at
}

/** From the value before to this one; after a new start all of it is new. Null for the first, and for what comes late. */
function riseOf(
  { at, path, total, value }: ContainerReading & { total: string; value: number },
  state: ContainerState,
): { since: EpochMs; from: number; to: number } | null {
  const key = `${STATE_PREFIX}${total} ${path}`
  const known = state.get(key)
  if (known && at <= known.at) return null
  state.set(key, { at, value })
  return known ? { since: known.at, from: value < known.value ? 0 : known.value, to: value } : null
}
