import { readBalance } from '@/lib/findings/balance'
import { type Cause, findCause, requestOf } from '@/lib/findings/cause'
import type { ExplainContext } from '@/lib/findings/context'
import { mergeLines } from '@/lib/findings/figure'
import { findHog } from '@/lib/findings/hog'
import { findPattern } from '@/lib/findings/pattern'
import { mostTelling, readReports } from '@/lib/findings/reading'
import { FINDING_RULES } from '@/lib/findings/registry'
import { type IncidentCase, TELLS } from '@/lib/findings/rule'
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

/** So many findings are read first. */
const IN_SIGHT = 5

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
  return withSignInSight([
    ...findings.filter(({ code }) => proof.includes(code)),
    ...findings.filter(({ code }) => !proof.includes(code)),
  ])
}

/** When it could have been seen is one of the first questions: it comes fifth where it would come later. */
function withSignInSight(findings: Finding[]): Finding[] {
  const place = findings.findIndex(({ code }) => code === 'first-sign')
  const sign = findings[place]
  if (!sign || place < IN_SIGHT) return findings
  const others = findings.filter((finding) => finding !== sign)
  return [...others.slice(0, IN_SIGHT - 1), sign, ...others.slice(IN_SIGHT - 1)]
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
