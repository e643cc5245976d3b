import { type TimeRange, widen } from '@/lib/charts/time-scale'
import { listSamples } from '@/lib/db/samples'
import type { Incident } from '@/lib/incidents/incident'
import type { Span } from '@/lib/routes'

const HOUR = 3_600_000
const LEAST_MS = 20 * 60_000
/** Samples that fill less than this share of a span would leave it nearly empty. */
const LEAST_FILLED = 0.4

/**
 * What the charts of an incident show: the range of the address, else the span asked for, else three hours around it
 * where samples fill them, and the incident with what samples there are where not.
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
  if (span === '3h' || span === '24h') return { range: around({ from, to }, span), span }
  const wide = around({ from, to }, '3h')
  const measured = await measuredWithin(incident.hostId, wide)
  if (span === null && measured && fills(measured, wide)) return { range: wide, span: '3h' }
  return { range: closeTo({ from, to }, measured), span: 'incident' }
}

/** The incident alone, or together with a short series that lies around it. */
function closeTo(incident: TimeRange, measured: TimeRange | null): TimeRange {
  const close = widen(incident, 0.1, LEAST_MS)
  if (!measured || fills(measured, close)) return close
  const both = { from: Math.min(incident.from, measured.from), to: Math.max(incident.to, measured.to) }
  return widen(both, 0.05, 60_000)
}

function fills(measured: TimeRange, range: TimeRange): boolean {
  const overlap = Math.min(measured.to, range.to) - Math.max(measured.from, range.from)
  return overlap >= (range.to - range.from) * LEAST_FILLED
}

async function measuredWithin(hostId: string, range: TimeRange): Promise<TimeRange | null> {
  const samples = await listSamples(hostId, range)
  const first = samples[0]
  const last = samples.at(-1)
  return first && last ? { from: first.at, to: last.at } : null
}

function around({ from, to }: TimeRange, span: '3h' | '24h'): TimeRange {
  return span === '3h' ? { from: from - 3 * HOUR, to: to + 3 * HOUR } : widen({ from, to }, 0, 24 * HOUR)
}
