import type { Cause } from '@/lib/findings/cause'
import type { ExplainContext } from '@/lib/findings/context'
import { groupSeries } from '@/lib/findings/group-series'
import { listBefore, programsOf } from '@/lib/findings/process-lists'
import type { ReportReading } from '@/lib/findings/reading'
import { heldKib } from '@/lib/findings/tasks'
import { isGoneEachTime, trendBefore } from '@/lib/findings/trend'
import { stripIds } from '@/lib/incidents/cgroup-path'
import type { CauseClass, IncidentFacts, Pattern } from '@/lib/incidents/incident'
import { beginningOf, isOfMachine } from '@/lib/incidents/signs/lead-in'
import type { LineRange } from '@/lib/logs/source'
import type { Series } from '@/lib/metrics/sample'
import type { Kill } from '@/lib/oom/report'
import type { EpochMs, Kib } from '@/lib/units'

/** A restart loop is at least this many kills of one program, each of another process. */
const LOOP_KILLS = 3
const LOOP_STEP_MS = 5_000
/** A fork storm is this many processes of one program that together hold half of what all hold. */
const STORM_PROCESSES = 100

/** Classes in which the machine's memory itself was used up, whoever held it. */
const USED_UP: ReadonlySet<CauseClass> = new Set<CauseClass>(['exhaustion', 'kernel-memory', 'shared-memory'])

/** How the shortage came about; unknown unless kills, task dump, process lists or samples show it. */
export function findPattern(
  facts: IncidentFacts,
  main: ReportReading | null,
  cause: Cause,
  context: ExplainContext,
): Pattern {
  const samples = context.samples ?? []
  if (isRestartLoop(facts.kills, samples)) return 'restart-loop'
  if (findForkStorm(facts, main, context)) return 'fork-storm'
  const until = beginningOf(facts) ?? facts.from
  if (until === null) return 'unknown'
  const ofGroup = groupSeries(facts, main, context)
  if (ofGroup) return trendBefore(ofGroup, until, true)
  // The machine's samples say nothing about a group that reached its own limit.
  if (!isOfMachine(facts)) return 'unknown'
  return trendBefore(samples, until, USED_UP.has(cause.class))
}

/** One program killed again after each start: in its cgroup, or on a machine whose samples show memory gone each time. */
export function isRestartLoop(kills: readonly Kill[], samples: Series): boolean {
  const lanes = new Map<string, Kill[]>()
  for (const kill of kills) {
    const path = kill.limitCgroup ?? kill.cgroup
    if (kill.comm === null || (kill.constraint === 'memcg' && path === null)) continue
    const scope = kill.constraint === 'memcg' ? `in ${stripIds(path ?? '')}` : kill.constraint
    const lane = `${kill.comm}\n${scope}`
    lanes.set(lane, [...(lanes.get(lane) ?? []), kill])
  }
  return [...lanes.values()].some((lane) => {
    if (new Set(lane.map((kill) => kill.pid)).size < LOOP_KILLS) return false
    const times = lane.map((kill) => timeOf(kill)).filter((at) => at !== null)
    const steps = times.slice(1).map((at, index) => at - (times[index] ?? at))
    if (steps.filter((step) => step >= LOOP_STEP_MS).length < LOOP_KILLS - 1) return false
    return lane[0]?.constraint === 'memcg' || isGoneEachTime(samples, times)
  })
}

/** Time of a kill, or its uptime in ms where only that is known. */
export function timeOf(kill: Kill): EpochMs | null {
  if (kill.stamp.at !== null) return kill.stamp.at
  return kill.stamp.uptimeSeconds === null ? null : kill.stamp.uptimeSeconds * 1000
}

export interface ForkStorm {
  comm: string
  processes: number
  rssKib: Kib
  /** Rows of the task dump; empty when a process list shows it. */
  lines: LineRange[]
  /** Of the process list that shows it. */
  listedAt: EpochMs | null
}

/** Many processes of one program that together hold half of what all hold: in the task dump, else in a process list. */
export function findForkStorm(
  facts: IncidentFacts,
  main: ReportReading | null,
  context: ExplainContext,
): ForkStorm | null {
  return inDump(main) ?? (main?.tasks || !isOfMachine(facts) ? null : inList(facts, context))
}

function inDump(main: ReportReading | null): ForkStorm | null {
  const programs = main?.tasks?.programs ?? []
  const total = programs.reduce((held, program) => held + heldKib(program), 0)
  const storm = programs.find((program) => program.tasks.length >= STORM_PROCESSES && heldKib(program) * 2 >= total)
  if (!main || !storm) return null
  const source = main.report.lines.source
  const lines = storm.tasks.map((task) => ({ source, from: task.line, to: task.line }))
  return { comm: storm.name, processes: storm.tasks.length, rssKib: storm.rssKib, lines, listedAt: null }
}

function inList(facts: IncidentFacts, context: ExplainContext): ForkStorm | null {
  const list = listBefore(facts, context)
  if (!list) return null
  const programs = programsOf(list)
  const total = programs.reduce((held, { rssKib }) => held + rssKib, 0)
  const storm = programs.find(({ processes, rssKib }) => processes >= STORM_PROCESSES && rssKib * 2 >= total)
  return storm ? { ...storm, lines: [], listedAt: list.at } : null
}
