import { recomputeBadness } from '@/lib/findings/badness'
import { isImpossibleScore, victimKib } from '@/lib/findings/cause'
import { mergeLines } from '@/lib/findings/figure'
import { type FindingRule, finding, type IncidentCase, killLines, lineIn, nameOf } from '@/lib/findings/rule'
import { rssOf } from '@/lib/findings/tasks'
import type { IncidentFacts } from '@/lib/incidents/incident'
import type { LineRange } from '@/lib/logs/source'
import type { Kill, Task } from '@/lib/oom/report'
import { message } from '@/lib/text/catalogue'
import type { Kib } from '@/lib/units'

const SMALL_KIB: Kib = 64 * 1024
/** From here down a task is all but exempt. */
const PROTECTED = -500
const USELESS_SHARE = 0.02
const USELESS_KIB: Kib = 8 * 1024

function kernelKill(facts: IncidentFacts, incident: IncidentCase): Kill | null {
  return incident.main?.kills[0] ?? facts.kills.find((kill) => kill.by === 'kernel') ?? null
}

function rowOf(kill: Kill, incident: IncidentCase): Task | null {
  const rows = incident.main?.report.tasks ?? []
  return rows.find((task) => task.pid === kill.pid) ?? rows.find((task) => task.tgid === kill.pid) ?? null
}

/** The victim is the process (or of the program) that held the memory. */
export const victimIsHog: FindingRule = {
  codes: ['victim-is-hog', 'victim-in-hog', 'victim-not-hog'],
  tells: 'victim',
  find(facts, incident) {
    const { hog } = incident
    const kill = kernelKill(facts, incident)
    if (hog?.grade !== 'report' || !kill || kill.comm === null) return null
    const row = rowOf(kill, incident)
    const source = incident.main?.report.lines.source ?? ''
    const lines = mergeLines([...killLines(kill), ...(row ? [lineIn(source, row.line)] : []), ...hog.evidence])
    if (kill.comm !== hog.comm) {
      const params = { victim: nameOf(kill), comm: hog.comm }
      return finding('victim-not-hog', message('victim-not-hog', {}), message('victim-not-hog.detail', params), lines)
    }
    const params = { comm: kill.comm, pid: kill.pid }
    const largest = largestOf(hog.comm, incident)
    if (hog.processes === 1 && (largest === null || largest === row)) {
      const detail = message('victim-is-hog.detail', { ...params, score: kill.score })
      return finding('victim-is-hog', message('victim-is-hog', {}), detail, lines)
    }
    const isLargest = largest !== null && largest === row
    const detail = isLargest ? message('victim-in-hog.largest', params) : message('victim-in-hog.detail', params)
    return finding('victim-in-hog', message('victim-in-hog', {}), detail, lines)
  },
}

function largestOf(comm: string, incident: IncidentCase): Task | null {
  const rows = (incident.main?.report.tasks ?? []).filter((task) => task.comm === comm)
  const held = (task: Task) => (task.rssPages ?? 0) + (task.swapPages ?? 0)
  return rows.reduce<Task | null>((best, task) => (best === null || held(task) > held(best) ? task : best), null)
}

/** A small victim, chosen as the best there was: no killable process was large. */
export const victimSmall: FindingRule = {
  codes: ['victim-small'],
  tells: 'victim',
  find(facts, incident) {
    const { cause } = incident
    if (cause.class !== 'unknown' && cause.class !== 'kernel-memory' && cause.class !== 'shared-memory') return null
    const kill = kernelKill(facts, incident)
    const size = kill ? victimKib(kill, incident.main) : null
    if (!kill || size === null || size >= SMALL_KIB || isImpossibleScore(kill, incident.main)) return null
    const params = { victim: nameOf(kill), size }
    return finding('victim-small', message('victim-small', {}), message('victim-small.detail', params), [kill.lines])
  },
}

/** The kill gave back next to nothing. */
export const uselessKill: FindingRule = {
  codes: ['useless-kill'],
  tells: 'victim',
  find(facts, incident) {
    const kill = kernelKill(facts, incident)
    if (!kill || kill.anonRssKib === null || incident.cause.class === 'manual') return null
    const row = rowOf(kill, incident)
    if ((row?.swapPages ?? 0) > 0) return null
    const whole =
      incident.cause.class === 'cgroup-limit'
        ? (incident.main?.report.memcg?.memory?.limitKib ?? null)
        : (incident.balance?.usable.kib ?? null)
    const bar = whole === null ? USELESS_KIB : whole * USELESS_SHARE
    if (kill.anonRssKib + (kill.shmemRssKib ?? 0) >= bar || incident.hog?.comm === kill.comm) return null
    const params = { victim: nameOf(kill), anon: kill.anonRssKib, file: kill.fileRssKib }
    const detail = message('useless-kill.detail', params)
    const confidence = whole === null ? 'medium' : 'high'
    return finding('useless-kill', message('useless-kill', {}), detail, [kill.lines], { confidence })
  },
}

/** A score no process can have. */
export const impossibleScore: FindingRule = {
  codes: ['impossible-score'],
  tells: 'victim',
  find(facts, { main }) {
    const kill = facts.kills.find((other) => isImpossibleScore(other, main))
    if (!kill) return null
    const detail = message('impossible-score.detail', { victim: nameOf(kill), score: kill.score })
    return finding('impossible-score', message('impossible-score', {}), detail, mergeLines(killLines(kill)))
  },
}

/** True when every task that may be killed has the same adjustment: then it chose nobody. */
function isShared(adj: number, incident: IncidentCase): boolean {
  const rows = (incident.main?.report.tasks ?? []).filter((task) => (task.oomScoreAdj ?? 0) > PROTECTED)
  return rows.length > 1 && rows.every((task) => task.oomScoreAdj === adj)
}

/** The victim's own oom_score_adj: it protected in vain, or helped to choose. */
export const adjustment: FindingRule = {
  codes: ['adj', 'victim-protected'],
  tells: 'victim',
  find(facts, incident) {
    const kill = kernelKill(facts, incident)
    if (!kill || incident.cause.class === 'manual') return null
    const row = rowOf(kill, incident)
    const adj = kill.oomScoreAdj ?? row?.oomScoreAdj ?? null
    if (adj === null) return null
    const lines: LineRange[] = [
      ...(row ? [lineIn(incident.main?.report.lines.source ?? '', row.line)] : []),
      kill.lines,
    ]
    const params = { victim: nameOf(kill), adj }
    if (adj > 0 && isShared(adj, incident)) return null
    if (adj > 0) return finding('adj', message('adj', {}), message('adj.detail', params), mergeLines(lines))
    if (adj > PROTECTED) return null
    const detail = message('victim-protected.detail', params)
    return finding('victim-protected', message('victim-protected', {}), detail, mergeLines(lines))
  },
}

/** The largest process is not the victim because its oom_score_adj keeps it away. */
export const hogProtected: FindingRule = {
  codes: ['hog-protected'],
  tells: 'victim',
  find(facts, incident) {
    const { main } = incident
    const kill = kernelKill(facts, incident)
    const rows = main?.report.tasks ?? []
    if (!main || !kill || incident.cause.class === 'manual') return null
    const held = (task: Task) => (task.rssPages ?? 0) + (task.swapPages ?? 0)
    const largest = rows.reduce<Task | null>(
      (best, task) => (best === null || held(task) > held(best) ? task : best),
      null,
    )
    const victim = rowOf(kill, incident)
    if (!largest || !victim || largest === victim || (largest.oomScoreAdj ?? 0) >= (victim.oomScoreAdj ?? 0))
      return null
    if (held(largest) <= held(victim) || (largest.oomScoreAdj ?? 0) >= 0) return null
    const params = { comm: largest.comm, pid: largest.pid, rss: rssOf(largest, main.pageSizeBytes) }
    const detail =
      largest.oomScoreAdj === -1000
        ? message('hog-protected.exempt', params)
        : message('hog-protected.lowered', { ...params, adj: largest.oomScoreAdj })
    const source = main.report.lines.source
    const lines = mergeLines([lineIn(source, largest.line), lineIn(source, victim.line)])
    return finding('hog-protected', message('hog-protected', {}), detail, lines)
  },
}

/** Kernels whose kill line tells no size choose by address space: being chosen does not show who held the memory. */
export const oldChoice: FindingRule = {
  codes: ['old-choice'],
  tells: 'victim',
  find(facts, incident) {
    const { main } = incident
    const kill = kernelKill(facts, incident)
    // The lists of a report are split since 2.6.28, and a kill line tells sizes since 2.6.32.
    const isOld = main?.report.memory !== null && main?.anon === null && main.lru !== null
    if (!isOld || !kill || kill.pid === null || kill.totalVmKib !== null || kill.anonRssKib !== null) return null
    const detail = message('old-choice.detail', { victim: nameOf(kill) })
    return finding('old-choice', message('old-choice', {}), detail, killLines(kill), { confidence: 'medium' })
  },
}

/** `vm.oom_kill_allocating_task`: whoever asked was taken, size did not count. */
export const allocatingTask: FindingRule = {
  codes: ['allocating-task'],
  tells: 'victim',
  find(facts) {
    const kill = facts.kills.find(({ isAllocatingTask }) => isAllocatingTask)
    if (!kill) return null
    const detail = message('allocating-task.detail', { victim: nameOf(kill) })
    return finding('allocating-task', message('allocating-task', {}), detail, mergeLines(killLines(kill)))
  },
}

/** `memory.oom.group`: all processes of the group were ended with the one that was chosen. */
export const groupKill: FindingRule = {
  codes: ['group-kill'],
  tells: 'victim',
  find(_facts, { main }) {
    const line = main?.report.groupKillLine ?? null
    if (!main || line === null) return null
    const count = main.kills.length
    const lines = mergeLines([lineIn(main.report.lines.source, line), ...main.kills.map((kill) => kill.lines)])
    return finding('group-kill', message('group-kill', {}), message('group-kill.detail', { count }), lines)
  },
}

/** The kernel's choice, redone from the task dump. */
export const expectedVictim: FindingRule = {
  codes: ['expected-victim', 'unexpected-victim'],
  tells: 'check',
  find(_facts, { main }) {
    const badness = main ? recomputeBadness(main) : null
    const [first] = badness?.candidates ?? []
    const kill = main?.kills[0]
    if (!main || !badness || !first || !kill || badness.isVictimFirst === null || kill.isAllocatingTask) return null
    const source = main.report.lines.source
    const rows = badness.candidates.length
    const victim = nameOf(kill)
    if (badness.isVictimFirst) {
      const own = badness.candidates[(badness.victimRank ?? 1) - 1] ?? first
      const isPrinted = kill.score !== null && badness.victimScores.includes(kill.score)
      if (rows === 1 && !isPrinted) return null
      const score = isPrinted ? kill.score : null
      const detail = message('expected-victim.agrees', { victim, rows, points: own.points, score })
      const lines = mergeLines([lineIn(source, own.task.line), ...killLines(kill)])
      return finding('expected-victim', message('expected-victim', {}), detail, lines)
    }
    const params = {
      victim,
      rank: badness.victimRank,
      rows,
      comm: first.task.comm,
      pid: first.task.pid,
      points: first.points,
    }
    const lines = mergeLines([lineIn(source, first.task.line), kill.lines])
    const detail = message('unexpected-victim.detail', params)
    return finding('unexpected-victim', message('unexpected-victim', {}), detail, lines, { confidence: 'medium' })
  },
}
