import { isFailedAllocation } from '@/lib/findings/cause'
import { readCharged } from '@/lib/findings/charged'
import { mergeLines } from '@/lib/findings/figure'
import { limitHit } from '@/lib/findings/limit-hit'
import { findSuspect } from '@/lib/findings/notes'
import { listBefore } from '@/lib/findings/process-lists'
import { type FindingRule, finding, type IncidentCase, killLines, lineIn } from '@/lib/findings/rule'
import { heldKib, rssOf, type TaskGroup } from '@/lib/findings/tasks'
import type { Finding, Hog, IncidentFacts } from '@/lib/incidents/incident'
import { beginningOf } from '@/lib/incidents/signs/lead-in'
import { message } from '@/lib/text/catalogue'
import type { Message } from '@/lib/text/message'

/** Who held the memory, in words that say how surely that is known. */
export const hog: FindingRule = {
  codes: ['hog'],
  tells: 'holder',
  find(facts, incident) {
    const found = incident.hog
    if (!found) return null
    const confidence = found.grade === 'suspected' ? 'low' : found.grade === 'metrics' ? 'medium' : 'high'
    const { headline, detail } = inWords(found, facts, incident)
    const counterEvidence = runnerUp(found, incident)
    return finding('hog', headline, detail, evidenceOf(found, incident), {
      confidence,
      counterEvidence,
      ...(found.grade === 'metrics' && sampledBefore(facts, incident)),
    })
  },
}

/** The process list, or the last sample, that a holder named by samples rests on. */
function sampledBefore(facts: IncidentFacts, { context }: IncidentCase): Pick<Finding, 'sampled'> {
  const until = beginningOf(facts)
  const from = listBefore(facts, context)?.at ?? until
  return until === null || from === null ? {} : { sampled: { from, to: until } }
}

/** The largest task of the next program, when that holds half as much or more. */
function runnerUp(found: Hog, incident: IncidentCase): Finding['counterEvidence'] {
  const programs = incident.main?.tasks?.programs ?? []
  const own = programs.find((program) => program.name === found.comm)
  const next = programs.find((program) => program !== own)
  if (!incident.main || !own || !next || heldKib(next) * 2 < heldKib(own)) return []
  const [largest] = [...next.tasks].sort((a, b) => (b.rssPages ?? 0) - (a.rssPages ?? 0))
  return largest ? [lineIn(incident.main.report.lines.source, largest.line)] : []
}

function evidenceOf(found: Hog, incident: IncidentCase): Finding['evidence'] {
  const { main } = incident
  if (found.grade !== 'report' || found.share === null || !main) return found.evidence
  const source = main.report.lines.source
  const limit = main.report.memcg?.memory
  const whole = found.shareOf === 'ram' ? (main.usable?.lines ?? []) : limit ? [lineIn(source, limit.line)] : []
  const kills = main.kills.filter((kill) => kill.comm === found.comm).flatMap(killLines)
  return mergeLines([...whole, ...found.evidence, ...kills])
}

function inWords(found: Hog, facts: IncidentFacts, incident: IncidentCase): { headline: Message; detail: Message } {
  const { comm, processes } = found
  const rss = found.rssKib
  if (found.grade === 'suspected') return suspected(found, facts, incident)
  const whole = found.shareOf === 'cgroup-limit' ? 'the limit' : 'RAM'
  const isMostlySwapped = rss !== null && found.swapKib !== null && found.swapKib > rss
  const headline = isMostlySwapped
    ? message('hog.with-swap', { comm, processes: processes > 1 ? processes : null, rss, swap: found.swapKib })
    : found.share !== null
      ? processes > 1
        ? message('hog.many', { comm, processes, share: found.share, whole })
        : message('hog', { comm, share: found.share, whole })
      : rss !== null
        ? message('hog.size', { comm, rss })
        : message('hog.bound', { comm, processes })
  if (found.grade === 'metrics' && found.evidence.length === 0) {
    return { headline, detail: message('hog.metrics', { rss, swap: found.swapKib === 0 ? null : found.swapKib }) }
  }
  const group = incident.main?.tasks?.programs.find((program) => program.name === comm)
  if (!group || !incident.main) return { headline, detail: message('hog.kill-line', { rss }) }
  const largest = Math.max(...group.tasks.map((task) => rssOf(task, incident.main?.pageSizeBytes ?? 4096)))
  const swap = found.swapKib === 0 ? null : found.swapKib
  if (rss === null) return { headline, detail: message('hog.bound-detail', { processes, largest }) }
  if (processes > 1) return { headline, detail: message('hog.many-detail', { processes, rss, swap, largest }) }
  const adj = group.tasks[0]?.oomScoreAdj ?? null
  const own = group.tasks.length === 1 && group.ownKib !== group.rssKib ? group.ownKib : null
  return { headline, detail: message('hog.one-detail', { rss, own, swap, adj: adj === 0 ? null : adj }) }
}

function suspected(found: Hog, facts: IncidentFacts, incident: IncidentCase): { headline: Message; detail: Message } {
  const { comm } = found
  const kill = facts.kills.find((other) => other.comm === comm && other.score !== null)
  if (found.evidence.length > 0 && kill?.score) {
    const params = { score: kill.score, share: Math.min(1, kill.score / 1000), rss: found.rssKib }
    return { headline: message('hog.suspected-score', { comm }), detail: message('hog.suspected-score-detail', params) }
  }
  const processes = found.processes > 1 ? found.processes : null
  const isOtherBoot = findSuspect(incident.context.notes ?? [], facts)?.note.isOtherBoot ?? false
  return {
    headline: message('hog.suspected-note', { comm, processes }),
    detail: isOtherBoot ? message('hog.suspected-boot-detail', {}) : message('hog.suspected-note-detail', {}),
  }
}

/** The holder is not known: why, and what to collect next time. */
export const hogUnknown: FindingRule = {
  codes: ['hog-unknown', 'hog-none'],
  tells: 'gap',
  find(facts, incident) {
    const { main, cause } = incident
    if (main && readCharged(main.report)?.dominant) return null
    if (main?.report.memcg && limitHit(main.report.memcg)?.what === 'kmem') return null
    const isAsked = cause.class === 'exhaustion' || cause.class === 'cgroup-limit' || cause.class === 'unknown'
    const isKnown = incident.hog !== null && incident.hog.grade !== 'suspected'
    const isFailure = main !== null && isFailedAllocation(facts, main)
    // A suspicion that the log itself raises is said with what is missing.
    const isSuspected = incident.hog !== null && incident.hog.evidence.length > 0
    if (!isAsked || isKnown || isSuspected || isFailure || facts.kills.length + facts.reports.length === 0) return null
    const headline = message('hog-unknown', {})
    const lines = main ? [main.report.lines] : facts.kills.map((kill) => kill.lines)
    const evidence = mergeLines([...lines, ...facts.kills.map((kill) => kill.lines)])
    if (!main) return finding('hog-unknown', headline, message('hog-unknown.no-report', {}), evidence)
    if (!main.tasks) return finding('hog-unknown', headline, message('hog-unknown.no-table', {}), evidence)
    const [first] = main.tasks.programs
    if (main.tasks.coverage !== 'whole' || !first) {
      return finding('hog-unknown', headline, message('hog-unknown.cut-table', {}), evidence)
    }
    return finding(
      'hog-none',
      message('hog-none', {}),
      message('hog-none.detail', largestIn(first, incident)),
      evidence,
    )
  },
}

function largestIn(first: TaskGroup, incident: IncidentCase) {
  const whole = incident.main?.report.memcg?.memory?.limitKib ?? incident.balance?.usable.kib ?? null
  const isMemcg = incident.cause.class === 'cgroup-limit'
  const processes = first.tasks.length > 1 ? first.tasks.length : null
  const share = whole && heldKib(first) <= whole ? first.ownKib / whole : null
  return { comm: first.name, processes, rss: first.ownKib, share, whole: isMemcg ? 'the limit' : 'RAM' }
}
