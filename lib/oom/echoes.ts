import { gapMs } from '@/lib/logs/dating'
import type { EventRecord, Facts, KillRecord } from '@/lib/oom/facts'

/** A consequence is told within this time of its kill. */
const ECHO_MS = 30_000
/** Without a clock: within this many lines. */
const ECHO_LINES = 200

/**
 * Folds what services and containers say into the kills they tell of, and drops what only repeats it: the service
 * manager prints the same for every parent slice of a unit.
 */
export function foldEchoes(facts: Facts): void {
  const dropped = new Set<EventRecord>()
  for (const record of facts.events) {
    const { kind, detail, lines } = record.event
    if (kind !== 'service-killed' && kind !== 'container-oom') continue
    const kill = findKill(facts.kills, record)
    if (kill) kill.kill.echoes.push({ ...lines })
    const unit = detail.unit
    if (kind !== 'service-killed' || typeof unit !== 'string') continue
    const isRepeated = facts.events.some(
      (other) =>
        other !== record &&
        !dropped.has(other) &&
        other.event.kind === 'service-killed' &&
        other.event.lines.from < lines.from &&
        isNear(other, record) &&
        (other.event.detail.unit === unit || unit.endsWith('.slice')),
    )
    if (isRepeated) dropped.add(record)
  }
  const kept = facts.events.filter((record) => !dropped.has(record))
  facts.events.splice(0, facts.events.length, ...kept)
}

function findKill(kills: readonly KillRecord[], record: EventRecord): KillRecord | null {
  const { detail, host } = record.event
  const near = kills.filter((kill) => kill.kill.host === host && isNearKill(kill, record))
  if (typeof detail.pid === 'number') return near.find((kill) => kill.kill.pid === detail.pid) ?? null
  const names = [detail.container, detail.cgroup, detail.unit].filter((name) => typeof name === 'string')
  const named = near.find((kill) => names.some((name) => kill.kill.cgroup?.includes(name)))
  if (named) return named
  // A kill whose cgroup is known is somebody else's.
  const unnamed = near.filter((kill) => kill.kill.cgroup === null)
  return unnamed.length === 1 ? (unnamed[0] ?? null) : null
}

function isNearKill(kill: KillRecord, record: EventRecord): boolean {
  const gap = gapMs(kill.moment, record.moment)
  if (gap !== null) return Math.abs(gap) <= ECHO_MS
  return Math.abs(record.event.lines.from - kill.kill.lines.from) <= ECHO_LINES
}

function isNear(a: EventRecord, b: EventRecord): boolean {
  if (a.event.host !== b.event.host) return false
  const gap = gapMs(a.moment, b.moment)
  return gap !== null ? Math.abs(gap) <= ECHO_MS : Math.abs(a.event.lines.from - b.event.lines.from) <= ECHO_LINES
}
