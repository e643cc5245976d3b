import { gapMs, type Moment } from '@/lib/logs/dating'
import type { EventRecord, Facts, KillRecord } from '@/lib/oom/facts'

/** A consequence is told within this time of its kill. */
const ECHO_MS = 30_000
/** Without a clock: within this many lines. */
const ECHO_LINES = 200
/** How many facts on either side, in the order of lines, are looked at: a kill storm must not cost the square of its size. */
const NEIGHBOURS = 100

/**
 * Folds what services and containers say into the kills they tell of, and drops what only repeats it: the service
 * manager prints the same for every parent slice of a unit. Kills and events are in the order of their lines.
 */
export function foldEchoes(facts: Facts): void {
  const told: EventRecord[] = []
  const kept = facts.events.filter((record) => {
    const { kind, lines } = record.event
    if (kind !== 'service-killed' && kind !== 'container-oom') return true
    const kill = findKill(facts.kills, record)
    if (kill) kill.kill.echoes.push({ ...lines })
    if (kind !== 'service-killed') return true
    if (told.slice(-NEIGHBOURS).some((other) => isSameTold(other, record))) return false
    told.push(record)
    return true
  })
  facts.events.splice(0, facts.events.length, ...kept)
}

/** True when `record` is about the unit of `other` again, or about a slice above it. */
function isSameTold(other: EventRecord, record: EventRecord): boolean {
  const { unit } = record.event.detail
  if (typeof unit !== 'string' || other.event.host !== record.event.host) return false
  if (other.event.detail.unit !== unit && !unit.endsWith('.slice')) return false
  return isNear(other.moment, other.event.lines.from, record)
}

function findKill(kills: readonly KillRecord[], record: EventRecord): KillRecord | null {
  const { detail, host, lines } = record.event
  const at = firstAfter(kills, lines.from)
  const near = kills
    .slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS)
    .filter((kill) => kill.kill.host === host && isNear(kill.moment, kill.kill.lines.from, record))
  if (typeof detail.pid === 'number') return near.find((kill) => kill.kill.pid === detail.pid) ?? null
  const names = [detail.container, detail.cgroup, detail.unit].filter((name) => typeof name === 'string')
  const named = near.find((kill) => names.some((name) => kill.kill.cgroup?.includes(name)))
  if (named) return named
  // A kill whose cgroup is known is somebody else's.
  const unnamed = near.filter((kill) => kill.kill.cgroup === null)
  return unnamed.length === 1 ? (unnamed[0] ?? null) : null
}

/** Index of the first kill behind a line. */
function firstAfter(kills: readonly KillRecord[], line: number): number {
  let low = 0
  let high = kills.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((kills[middle]?.kill.lines.from ?? 0) <= line) low = middle + 1
    else high = middle
  }
  return low
}

function isNear(moment: Moment, line: number, record: EventRecord): boolean {
  const gap = gapMs(moment, record.moment)
  return gap !== null ? Math.abs(gap) <= ECHO_MS : Math.abs(record.event.lines.from - line) <= ECHO_LINES
}
