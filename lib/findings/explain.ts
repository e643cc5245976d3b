import { readBalance } from '@/lib/findings/balance'
import { type Cause, findCause, requestOf } from '@/lib/findings/cause'
import type { ExplainContext } from '@/lib/findings/context'
import { mergeLines } from '@/lib/findings/figure'
import { findHog } from '@/lib/findings/hog'
import { findPattern } from '@/lib/findings/pattern'
import { mostTelling, readReports } from '@/lib/findings/reading'
import { FINDING_RULES } from '@/lib/findings/registry'
import { type IncidentCase, TELLS, type Tells } from '@/lib/findings/rule'
import { readShortage } from '@/lib/findings/shortage'
import { titleOf } from '@/lib/findings/title'
import { stripIds } from '@/lib/incidents/cgroup-path'
import type { CauseClass, Explanation, Finding, Hog, IncidentFacts } from '@/lib/incidents/incident'
import type { LineRange } from '@/lib/logs/source'
import { placeLines } from '@/lib/oom/continued'

/** For classes that rest on who held the memory, the findings that show it come first. */
const PROOF: { [cause in CauseClass]?: readonly string[] } = {
  'kernel-memory': [
    'slab-unreclaimable',
    'slab-reclaimable',
    'slab',
    'kernel-stack',
    'page-tables',
    'memory-unaccounted',
    'processes-small',
  ],
  'shared-memory': ['shmem'],
  hugepages: ['hugepages'],
  fragmentation: ['not-oom', 'fragmentation'],
}

/** What the first five answer: what ran out, who held it, why that process, and when it could have been seen. */
const IN_SIGHT: readonly Tells[] = ['cause', 'cause', 'holder', 'victim', 'course']
const TELLS_OF = new Map(FINDING_RULES.flatMap(({ codes, tells }) => codes.map((code) => [code, tells] as const)))

/** Says what happened and why, from facts alone: class, pattern, who held the memory, title, findings, fingerprint. */
export function explainIncident(facts: IncidentFacts, context: ExplainContext): Explanation {
  const readings = readReports(facts)
  const main = mostTelling(readings)
  const cause = findCause(facts, main, context.samples)
  const hog = findHog(facts, main, cause, context)
  const pattern = findPattern(facts, main, cause, context)
  const incident: IncidentCase = {
    context,
    readings,
    main,
    shortage: main ? readShortage(main, requestOf(facts, main)) : null,
    balance: main ? readBalance(main) : null,
    cause,
    hog,
    pattern,
  }
  const host = context.hostname ?? facts.kills[0]?.host ?? facts.reports[0]?.host ?? facts.events[0]?.host ?? null
  return {
    title: titleOf(facts, main, cause, hog, host),
    class: cause.class,
    confidence: cause.confidence,
    pattern,
    hog: hog && { ...hog, evidence: placed(hog.evidence, facts) },
    findings: findAll(facts, incident),
    fingerprint: fingerprintOf(facts, cause, hog),
  }
}

function findAll(facts: IncidentFacts, incident: IncidentCase): Finding[] {
  const inOrder = TELLS.flatMap((tells) => FINDING_RULES.filter((rule) => rule.tells === tells))
  const findings = inOrder
    .map((rule) => rule.find(facts, incident))
    .filter((found) => found !== null)
    .map((found) => ({ ...found, evidence: mergeLines(placed(found.evidence, facts)) }))
  const proof = PROOF[incident.cause.class] ?? []
  return withAnswersFirst([
    ...findings.filter(({ code }) => proof.includes(code)),
    ...findings.filter(({ code }) => !proof.includes(code)),
  ])
}

/** The answers a person looks for come first; within them, and behind them, the order stays. */
function withAnswersFirst(findings: Finding[]): Finding[] {
  const first = new Set<Finding>()
  for (const tells of IN_SIGHT) {
    const candidates = findings.filter((finding) => TELLS_OF.get(finding.code) === tells && !first.has(finding))
    const answer = candidates.find(({ code }) => isAnswer(code)) ?? candidates[0]
    if (answer) first.add(answer)
  }
  for (const finding of findings) if (first.size < IN_SIGHT.length) first.add(finding)
  return [...findings.filter((finding) => first.has(finding)), ...findings.filter((finding) => !first.has(finding))]
}

/** Who was killed stands in the title; what else happened is no sign. */
function isAnswer(code: string): boolean {
  const tells = TELLS_OF.get(code)
  return tells === 'victim' ? code !== 'kills' : tells !== 'course' || code === 'first-sign'
}

/** Lines of a report that goes on in the next file, each in the file it stands in. */
function placed(evidence: readonly LineRange[], { reports }: IncidentFacts): LineRange[] {
  return evidence.flatMap((range) => placeLines(range, reports))
}

/** Equal for recurrences: ids and numbers are stripped, victims are named once each in a fixed order. */
function fingerprintOf(facts: IncidentFacts, cause: Cause, hog: Hog | null): string {
  const [kill] = facts.kills
  const report = facts.reports[0]
  const constraint = kill?.constraint ?? report?.constraint ?? 'unknown'
  const path = kill?.limitCgroup ?? report?.memcg?.limitPath ?? (constraint === 'memcg' ? kill?.cgroup : null) ?? ''
  const victims = [...new Set(facts.kills.map((other) => stripIds(other.comm ?? other.cgroup ?? '')))].sort()
  // A suspicion is no property of the incident: a note must not set it apart from its recurrences.
  const holder = hog && hog.grade !== 'suspected' ? stripIds(hog.comm) : ''
  return [cause.class, constraint, stripIds(path), holder, victims.join('+')].join('|')
}
