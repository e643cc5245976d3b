import { readCharged } from '@/lib/findings/charged'
import type { ExplainContext } from '@/lib/findings/context'
import { limitHit } from '@/lib/findings/limit-hit'
import type { ReportReading } from '@/lib/findings/reading'
import type { IncidentFacts } from '@/lib/incidents/incident'
import { isOfMachine } from '@/lib/incidents/signs/lead-in'
import type { Series } from '@/lib/metrics/sample'
import { type Kib, kibToBytes } from '@/lib/units'

/** Usage counts page cache, which fills a group in the best of times: it tells of trouble only where most is programs' own. */
const OWN = 0.5

/**
 * The group whose limit was hit as a machine of its own: its limit is all the memory there is, and it has no swap. Read
 * by the same rules as a machine's samples.
 *
 * @returns ascending; null for the whole machine, without samples, or where page cache may be what filled the group
 */
export function groupSeries(facts: IncidentFacts, main: ReportReading | null, context: ExplainContext): Series | null {
  const samples = context.group ?? []
  if (samples.length === 0 || isOfMachine(facts)) return null
  const limitKib = groupLimitKib(main) ?? lastLimitKib(context)
  if (limitKib === null || ownKib(facts, main) < limitKib * OWN) return null
  return samples.flatMap(({ at, usage, limit }) => {
    const whole = limit ?? kibToBytes(limitKib)
    return [{ at, memTotal: whole, memAvailable: Math.max(0, whole - usage), swapTotal: 0, swapFree: 0 }]
  })
}

/** The limit by the report, else by the last sample; null when neither tells. */
export function limitOfGroup(main: ReportReading | null, context: ExplainContext): Kib | null {
  return groupLimitKib(main) ?? lastLimitKib(context)
}

function groupLimitKib(main: ReportReading | null): Kib | null {
  const hit = main?.report.memcg ? limitHit(main.report.memcg) : null
  return hit?.what === 'memory' || hit?.what === 'below' ? hit.counter.limitKib : null
}

function lastLimitKib({ group }: ExplainContext): Kib | null {
  const limit = group?.findLast((sample) => sample.limit !== null)?.limit ?? null
  return limit === null ? null : limit / 1024
}

/** Anonymous memory of the group by the report, else of its largest victim. */
function ownKib(facts: IncidentFacts, main: ReportReading | null): Kib {
  const charged = main ? (readCharged(main.report)?.anonKib ?? null) : null
  return charged ?? Math.max(0, ...facts.kills.map(({ anonRssKib }) => anonRssKib ?? 0))
}
