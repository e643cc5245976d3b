import type { ChangedHost } from '@/lib/db/fact-store'
import type { EpochMs } from '@/lib/units'

/** One entry a host, its span widened to all; in the order of ids, so that two transactions never wait in a ring. */
export function mergeChanges(changes: ChangedHost[]): ChangedHost[] {
  const merged = new Map<string, ChangedHost>()
  for (const change of changes) {
    const earlier = merged.get(change.hostId)
    merged.set(
      change.hostId,
      earlier
        ? {
            hostId: change.hostId,
            from: choose(earlier.from, change.from, Math.min),
            to: choose(earlier.to, change.to, Math.max),
          }
        : change,
    )
  }
  return [...merged.values()].sort((a, b) => (a.hostId < b.hostId ? -1 : 1))
}

function choose(a: EpochMs | null, b: EpochMs | null, pick: (a: number, b: number) => number): EpochMs | null {
  if (a === null) return b
  return b === null ? a : pick(a, b)
}
