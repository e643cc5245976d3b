import type { FileAnalysis } from '@/lib/analysis/analysis'
import { explainIncident } from '@/lib/findings/explain'
import { groupIncidents } from '@/lib/incidents/group'
import type { Explanation, IncidentFacts } from '@/lib/incidents/incident'

/** An incident of one file with what is said about it. */
export interface ExplainedIncident {
  facts: IncidentFacts
  explanation: Explanation
}

/** Groups and explains what one file tells. */
export function explainFile(file: FileAnalysis): ExplainedIncident[] {
  const samples = [...file.samples]
  return groupIncidents(file.kills, file.reports, file.events, { samples }).map((facts) => ({
    facts,
    explanation: explainIncident(facts, {
      hostname: file.host,
      kernel: file.kernel,
      samples,
      processLists: file.processHistory,
    }),
  }))
}
