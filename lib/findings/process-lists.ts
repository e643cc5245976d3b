import type { ExplainContext } from '@/lib/findings/context'
import type { IncidentFacts } from '@/lib/incidents/incident'
import { beginningOf } from '@/lib/incidents/signs/lead-in'
import type { ProcessList } from '@/lib/metrics/process'
import type { EpochMs, Kib } from '@/lib/units'

/** A list older than this says nothing about the kill, however rarely lists are taken. */
const OLDEST_MS = 10 * 60_000
const INTERVALS = 2

/** The last process list before it, no more than two of the intervals at which lists are taken away from it. */
export function listBefore(facts: IncidentFacts, context: ExplainContext): (ProcessList & { at: EpochMs }) | null {
  const until = beginningOf(facts)
  if (until === null) return null
  const dated = (context.processLists ?? [])
    .flatMap((list) => (list.at === null || list.at > until ? [] : [{ ...list, at: list.at }]))
    .sort((a, b) => a.at - b.at)
  const last = dated.at(-1)
  if (!last) return null
  const steps = dated
    .slice(1)
    .map(({ at }, index) => at - (dated[index]?.at ?? at))
    .filter((step) => step > 0)
    .sort((a, b) => a - b)
  const step = steps[Math.floor(steps.length / 2)]
  const oldest = step === undefined ? OLDEST_MS : Math.min(OLDEST_MS, step * INTERVALS)
  return until - last.at <= oldest ? last : null
}

export interface Program {
  comm: string
  processes: number
  /** Sum of what is told. */
  rssKib: Kib
  /** Null when no process tells it. */
  swapKib: Kib | null
}

/** The programs of a list, by resident and swapped memory together, largest first. */
export function programsOf(list: ProcessList): Program[] {
  const programs = new Map<string, Program>()
  for (const { comm, rssKib, swapKib } of list.rows) {
    const program = programs.get(comm) ?? { comm, processes: 0, rssKib: 0, swapKib: null }
    program.processes += 1
    program.rssKib += rssKib ?? 0
    if (swapKib !== null) program.swapKib = (program.swapKib ?? 0) + swapKib
    programs.set(comm, program)
  }
  return [...programs.values()].sort((a, b) => heldBy(b) - heldBy(a))
}

export function heldBy({ rssKib, swapKib }: Program): Kib {
  return rssKib + (swapKib ?? 0)
}
