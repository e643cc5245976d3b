import type { Binding } from '@/lib/findings/binding'
import type { Cause } from '@/lib/findings/cause'
import { isImpossibleScore } from '@/lib/findings/cause'
import type { ExplainContext } from '@/lib/findings/context'
import { mergeLines } from '@/lib/findings/figure'
import { limitOfGroup } from '@/lib/findings/group-series'
import { limitHit } from '@/lib/findings/limit-hit'
import { findSuspect } from '@/lib/findings/notes'
import { heldBy, listBefore, programsOf } from '@/lib/findings/process-lists'
import type { ReportReading } from '@/lib/findings/reading'
import { groupOf, heldKib, rssOf, type TaskGroup, type TaskReading } from '@/lib/findings/tasks'
import type { CauseClass, Hog, IncidentFacts } from '@/lib/incidents/incident'
import { beginningOf, isOfMachine } from '@/lib/incidents/signs/lead-in'
import type { Kill, Task } from '@/lib/oom/report'
import { type Bytes, type Kib, kibToBytes, pagesToKib } from '@/lib/units'

/** Classes in which programs' memory is what ran out, so that one of them can have held it. */
const HELD_BY_PROGRAMS: ReadonlySet<CauseClass> = new Set<CauseClass>(['exhaustion', 'cgroup-limit', 'unknown'])
/** A program is named from a whole task dump when it holds this share … */
const NAMED_FROM_WHOLE = 0.25
/** … and this many times what the next one holds. Beyond half, nobody else can hold more, whatever is missing. */
const AHEAD = 1.25
const HALF = 0.5
const NEARLY_ALL = 0.9

/**
 * Who held the most memory. Named only when the numbers show it: by a task dump that is whole, by a share that leaves no
 * room for a larger one, by samples just before the kill, or as a suspect by a person's note. Otherwise null.
 */
export function findHog(
  facts: IncidentFacts,
  main: ReportReading | null,
  cause: Cause,
  context: ExplainContext,
): Hog | null {
  if (main && cause.decided.by === 'allowed-nodes') return onNodes(main, cause.decided.binding)
  if (!HELD_BY_PROGRAMS.has(cause.class)) return null
  if (cause.class === 'cgroup-limit' && main?.report.memcg && limitHit(main.report.memcg)?.what === 'kmem') return null
  const fromReport = main ? (fromTasks(main, cause) ?? fromVictim(main)) : null
  const fromSamples = fromLists(facts, context) ?? fromKillLine(facts, context) ?? victimOfGroup(facts, main, context)
  return fromReport ?? fromSamples ?? fromScore(facts, main) ?? fromNotes(facts, context)
}

interface Base {
  kib: Kib
  shareOf: 'ram' | 'cgroup-limit'
  /** RAM (or limit) and swap: what nobody can hold more than half of twice. */
  withSwapKib: Kib
}

/** What shares are taken of; null when the report prints neither RAM nor limit. */
function baseOf(main: ReportReading): Base | null {
  const isMemcg = main.report.constraint === 'memcg' || main.report.memcg !== null
  if (isMemcg) {
    const limit = main.report.memcg?.memory?.limitKib ?? null
    if (limit === null || limit === 0) return null
    const swapUsed = main.report.memcg?.swap?.usageKib ?? 0
    const both = main.report.memcg?.memorySwap?.limitKib ?? limit + swapUsed
    return { kib: limit, shareOf: 'cgroup-limit', withSwapKib: Math.max(limit, both) }
  }
  if (!main.usable) return null
  return { kib: main.usable.kib, shareOf: 'ram', withSwapKib: main.usable.kib + (main.swapTotal?.kib ?? 0) }
}

function fromTasks(main: ReportReading, cause: Cause): Hog | null {
  const tasks = main.tasks
  const [first, second] = tasks ? ranked(tasks, main) : []
  if (!tasks || !first) return null
  const base = baseOf(main)
  if (!base) return null
  const total = first.swapKib === null ? base.kib : base.withSwapKib
  const isProven = largestTaskKib(first, main) > total * HALF
  const isNamed =
    tasks.coverage === 'whole' &&
    cause.class !== 'unknown' &&
    (first.rssKib >= base.kib * NAMED_FROM_WHOLE || heldKib(first) >= base.withSwapKib * NAMED_FROM_WHOLE) &&
    heldKib(first) >= (second ? heldKib(second) : 0) * AHEAD
  return isProven || isNamed ? hogOf(first, main, base) : null
}

/**
 * The largest task, when it must have held most of the nodes that were out: even if all that is in use elsewhere were
 * its own, the rest of it fills more than half of them.
 */
function onNodes(main: ReportReading, { ram }: Binding): Hog | null {
  const [task] = [...(main.tasks?.rows ?? [])].sort((a, b) => (b.rssPages ?? 0) - (a.rssPages ?? 0))
  const base = baseOf(main)
  if (!task || !base || !ram || rssOf(task, main.pageSizeBytes) - ram.usedElsewhereKib <= ram.ofNodesKib * HALF)
    return null
  return hogOf(groupOf(task.comm, [task], main.pageSizeBytes), main, base)
}

/** One process that is nearly all of its program is named alone. */
function withoutSmall(group: TaskGroup, main: ReportReading): TaskGroup {
  const [largest] = [...group.tasks].sort((a, b) => pagesOf(b) - pagesOf(a))
  const all = group.tasks.reduce((total, task) => total + pagesOf(task), 0)
  if (!largest || group.tasks.length === 1 || pagesOf(largest) < all * NEARLY_ALL) return group
  return groupOf(group.name, [largest], main.pageSizeBytes)
}

/** Programs by size; where tasks share many pages, the largest task of each stands for it. */
function ranked(tasks: TaskReading, main: ReportReading): TaskGroup[] {
  if (!tasks.isShared) return tasks.programs
  const largest = tasks.programs.flatMap((program) => {
    const [task] = [...program.tasks].sort((a, b) => pagesOf(b) - pagesOf(a))
    return task ? [groupOf(program.name, [task], main.pageSizeBytes)] : []
  })
  return largest.sort((a, b) => heldKib(b) - heldKib(a))
}

function pagesOf(task: Task): number {
  return (task.rssPages ?? 0) + (task.swapPages ?? 0)
}

/** A single task, so that no page is counted twice. */
function largestTaskKib(group: TaskGroup, main: ReportReading): Kib {
  const held = group.tasks.map(
    (task) => rssOf(task, main.pageSizeBytes) + pagesToKib(task.swapPages ?? 0, main.pageSizeBytes),
  )
  return Math.max(...held)
}

function hogOf(program: TaskGroup, main: ReportReading, base: Base): Hog {
  const group = withoutSmall(program, main)
  const source = main.report.lines.source
  // Tasks that share pages count them once each: beyond all there is, the sum is no size any more.
  const isBound = group.tasks.length > 1 && group.rssKib > base.kib
  const evidence = [...group.tasks]
    .sort((a, b) => (b.rssPages ?? 0) - (a.rssPages ?? 0))
    .slice(0, 5)
    .map((task) => ({ source, from: task.line, to: task.line }))
  return {
    comm: group.name,
    processes: group.tasks.length,
    rssKib: isBound ? null : group.rssKib,
    swapKib: isBound ? null : group.swapKib,
    share: isBound ? null : Math.min(1, group.ownKib / base.kib),
    shareOf: isBound ? null : base.shareOf,
    grade: 'report',
    evidence: mergeLines(evidence),
  }
}

/** The kill line's own numbers, when they leave no room for a larger process. */
function fromVictim(main: ReportReading): Hog | null {
  const base = baseOf(main)
  for (const kill of main.kills) {
    if (!base || kill.comm === null || kill.anonRssKib === null) continue
    const rssKib = kill.anonRssKib + (kill.fileRssKib ?? 0) + (kill.shmemRssKib ?? 0)
    if (rssKib <= base.withSwapKib * HALF) continue
    return victimHog(kill, rssKib, Math.min(1, rssKib / base.kib), base.shareOf, 'report')
  }
  return null
}

/**
 * A score of 500 or more means more than half of memory and swap (or of the limit), when no adjustment is in it.
 * Where the adjustment is not printed that is a suspicion, not a proof.
 */
function fromScore(facts: IncidentFacts, main: ReportReading | null): Hog | null {
  for (const kill of facts.kills) {
    if (kill.comm === null || kill.score === null || kill.anonRssKib === null) continue
    if (kill.score < 500 || kill.score > 1030 || isImpossibleScore(kill, main) || isOldScore(kill)) continue
    const row = main?.report.tasks?.find((task) => task.pid === kill.pid)
    const adjustment = kill.oomScoreAdj ?? row?.oomScoreAdj ?? null
    if (adjustment !== null && kill.score - adjustment < 500) continue
    const rssKib = kill.anonRssKib + (kill.fileRssKib ?? 0) + (kill.shmemRssKib ?? 0)
    return victimHog(kill, rssKib, null, null, adjustment === null ? 'suspected' : 'report')
  }
  return null
}

/** Before 2.6.36 the score was about the pages of address space; a score far below them is in thousandths. */
function isOldScore(kill: Kill): boolean {
  return kill.totalVmKib === null || kill.score === null || kill.totalVmKib / 4 < kill.score * 20
}

function victimHog(kill: Kill, rssKib: Kib, share: number | null, shareOf: Hog['shareOf'], grade: Hog['grade']): Hog {
  return {
    comm: kill.comm ?? '',
    processes: 1,
    rssKib,
    swapKib: null,
    share,
    shareOf,
    grade,
    evidence: kill.choice ? [kill.choice, kill.lines] : [kill.lines],
  }
}

/**
 * The last process list before the first kill, against the RAM of the samples. Lists of an agent hold the largest
 * processes only, so what is missing from one is small.
 */
function fromLists(facts: IncidentFacts, context: ExplainContext): Hog | null {
  const list = listBefore(facts, context)
  const sizes = sizesBefore(facts, context)
  if (!list || !sizes || !isOfMachine(facts)) return null
  const [first, second] = programsOf(list)
  if (!first) return null
  const share = kibToBytes(first.rssKib) / sizes.ram
  const isLarge = share >= NAMED_FROM_WHOLE || kibToBytes(heldBy(first)) >= sizes.all * NAMED_FROM_WHOLE
  // Beyond all there is, shared pages were added up: the sum is no size.
  if (!isLarge || share > 1 || heldBy(first) < (second ? heldBy(second) : 0) * AHEAD) return null
  return { ...first, share, shareOf: 'ram', grade: 'metrics', evidence: [] }
}

/** A victim without a report whose size, by its kill line, is more than half of the RAM and swap of the samples. */
function fromKillLine(facts: IncidentFacts, context: ExplainContext): Hog | null {
  const sizes = sizesBefore(facts, context)
  if (!sizes || !isOfMachine(facts)) return null
  for (const kill of facts.kills) {
    if (kill.comm === null || kill.anonRssKib === null) continue
    const rssKib = kill.anonRssKib + (kill.fileRssKib ?? 0) + (kill.shmemRssKib ?? 0)
    const share = kibToBytes(rssKib) / sizes.ram
    if (kibToBytes(rssKib) > sizes.all * HALF && share <= 1) return victimHog(kill, rssKib, share, 'ram', 'metrics')
  }
  return null
}

/** A victim that the last process list before the kill shows at half of its group's limit or more. */
function victimOfGroup(facts: IncidentFacts, main: ReportReading | null, context: ExplainContext): Hog | null {
  if (isOfMachine(facts)) return null
  const limitKib = limitOfGroup(main, context)
  const rows = listBefore(facts, context)?.rows ?? []
  if (limitKib === null) return null
  for (const kill of facts.kills) {
    const row = rows.find(({ pid, comm }) => pid === kill.pid && comm === kill.comm)
    const rssKib = row?.rssKib ?? 0
    if (!row || rssKib < limitKib * HALF || rssKib > limitKib) continue
    const share = rssKib / limitKib
    const { comm, swapKib } = row
    return { comm, processes: 1, rssKib, swapKib, share, shareOf: 'cgroup-limit', grade: 'metrics', evidence: [] }
  }
  return null
}

/** RAM, and RAM with swap, by the last sample before it that tells both. */
function sizesBefore(facts: IncidentFacts, context: ExplainContext): { ram: Bytes; all: Bytes } | null {
  const until = beginningOf(facts)
  if (until === null) return null
  const sample = context.samples?.findLast(({ at, memTotal }) => at <= until && !!memTotal)
  return sample?.memTotal ? { ram: sample.memTotal, all: sample.memTotal + (sample.swapTotal ?? 0) } : null
}

function fromNotes(facts: IncidentFacts, context: ExplainContext): Hog | null {
  const suspect = findSuspect(context.notes ?? [], facts)
  if (!suspect) return null
  const { comm, processes } = suspect
  return { comm, processes, rssKib: null, swapKib: null, share: null, shareOf: null, grade: 'suspected', evidence: [] }
}
