import { type TimeRange, widen } from '@/lib/charts/time-scale'
import { listSamples } from '@/lib/db/samples'
import type { Incident } from '@/lib/incidents/incident'
import type { Span } from '@/lib/routes'

const HOUR = 3_600_000
const LEAST_MS = 20 * 60_000

/**
 * What the charts of an incident show: the range of the address, else the span asked for, else three hours around it
 * where samples were taken and the incident alone where not.
 *
 * @returns null when the log gives no time at all
 */
export async function chartRange(
  incident: Incident,
  span: Span | null,
  given: TimeRange | null,
): Promise<{ range: TimeRange; span: Span | null } | null> {
  if (given) return { range: given, span: null }
  const { from, to } = incident
  if (from === null || to === null) return null
  const chosen = span ?? ((await hasSamples(incident.hostId, around({ from, to }, '3h'))) ? '3h' : 'incident')
  return { range: around({ from, to }, chosen), span: chosen }
}

async function hasSamples(hostId: string, range: TimeRange): Promise<boolean> {
  return (await listSamples(hostId, range)).length > 0
}

function around({ from, to }: TimeRange, span: Span): TimeRange {
  if (span === 'incident') return widen({ from, to }, 0.1, LEAST_MS)
  if (span === '3h') return { from: from - 3 * HOUR, to: to + 3 * HOUR }
  return widen({ from, to }, 0, 24 * HOUR)
}
