import type { FileAnalysis } from '@/lib/analysis/analysis'

/**
 * Fills in the host where neither the text nor a person named one, and records where it was taken from. What the text
 * says of another host stands.
 */
export function nameHost(analysis: FileAnalysis, host: string | null, why: string): FileAnalysis {
  if (host === null || analysis.host !== null) return analysis
  const named = <Fact extends { host: string | null }>(facts: Fact[]): Fact[] =>
    facts.map((fact) => ({ ...fact, host: fact.host ?? host }))
  return {
    ...analysis,
    host,
    reports: named(analysis.reports),
    kills: named(analysis.kills),
    events: named(analysis.events),
    assumed: [
      ...analysis.assumed.filter(({ what }) => what !== 'host'),
      { what: 'host', value: host, why, isEvidenced: true },
    ],
  }
}
