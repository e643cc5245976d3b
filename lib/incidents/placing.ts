import type { EpochMs } from '@/lib/units'

/** What placing reads of a fact and what it fills in. */
export interface Placeable {
  source: string
  line: number
  at: EpochMs | null
  until: EpochMs | null
  uptimeSeconds: number | null
  track: string
}

/**
 * Gives facts without a time the best place their source allows: from the uptime when another line of the same source
 * ties uptime to time, else that of the nearest line before (or after) them. A source in which nothing has a time is a
 * track of its own: its facts are ordered by line and compared with nothing outside.
 */
export function placeInTime(facts: Placeable[]): void {
  for (const source of new Set(facts.map((fact) => fact.source))) {
    const inOrder = facts.filter((fact) => fact.source === source).sort((a, b) => a.line - b.line)
    const timed = inOrder.filter((fact) => fact.at !== null)
    for (const fact of inOrder) {
      fact.track = timed.length === 0 ? `source ${source}` : 'time'
      if (fact.at === null) fact.at = placeBeside(fact, timed)
      fact.until ??= fact.at
    }
  }
}

function placeBeside(fact: Placeable, timed: Placeable[]): EpochMs | null {
  const before = timed.findLast((other) => other.line <= fact.line)
  const neighbour = before ?? timed[0]
  if (!neighbour || neighbour.at === null) return null
  if (fact.uptimeSeconds === null || neighbour.uptimeSeconds === null) return neighbour.at
  return neighbour.at + (fact.uptimeSeconds - neighbour.uptimeSeconds) * 1000
}
