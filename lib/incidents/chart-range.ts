import { type TimeRange, widen } from '@/lib/charts/time-scale'

/** How much time the charts of an incident show. */
export type ChartSpan = 'incident' | '3h' | '24h'

const HOUR = 3_600_000
const LEAST_MS = 20 * 60_000
/** Samples that fill less than this share of a span would leave it nearly empty. */
const LEAST_FILLED = 0.4

/** The widest range that `chooseChartRange` looks at when no span is asked for. */
export function aroundIncident({ from, to }: TimeRange, span: '3h' | '24h' = '3h'): TimeRange {
  return span === '3h' ? { from: from - 3 * HOUR, to: to + 3 * HOUR } : widen({ from, to }, 0, 24 * HOUR)
}

/**
 * The span asked for; without one, three hours around the incident where samples fill them, and the incident with what
 * samples there are where not.
 *
 * @param measured from the first to the last sample within `aroundIncident`; null without samples
 */
export function chooseChartRange(
  incident: TimeRange,
  measured: TimeRange | null,
  span: ChartSpan | null,
): { range: TimeRange; span: ChartSpan } {
  if (span === '3h' || span === '24h') return { range: aroundIncident(incident, span), span }
  const wide = aroundIncident(incident)
  if (span === null && measured && fills(measured, wide)) return { range: wide, span: '3h' }
  return { range: closeTo(incident, measured), span: 'incident' }
}

/** The incident alone, or together with a short series that lies around it. */
function closeTo(incident: TimeRange, measured: TimeRange | null): TimeRange {
  const close = widen(incident, 0.1, LEAST_MS)
  if (!measured || fills(measured, close)) return close
  return widen({ from: Math.min(incident.from, measured.from), to: Math.max(incident.to, measured.to) }, 0.05, 60_000)
}

function fills(measured: TimeRange, range: TimeRange): boolean {
  const overlap = Math.min(measured.to, range.to) - Math.max(measured.from, range.from)
  return overlap >= (range.to - range.from) * LEAST_FILLED
}
