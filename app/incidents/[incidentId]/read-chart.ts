import type { TimeRange } from '@/lib/charts/time-scale'
import { type DrawnSeries, listDrawnSamples } from '@/lib/db/series'
import { aroundIncident, type ChartSpan, chooseChartRange } from '@/lib/incidents/chart-range'
import type { Incident } from '@/lib/incidents/incident'
import type { Series } from '@/lib/metrics/sample'

/** What the charts of an incident show, and the samples in it. `span` is null for a range from the address. */
export interface ChartReading {
  range: TimeRange
  span: ChartSpan | null
  samples: Series
  gaps: DrawnSeries['gaps']
}

/** @returns null when neither the address nor the log gives a time */
export async function readChart(
  incident: Incident,
  span: ChartSpan | null,
  given: TimeRange | null,
): Promise<ChartReading | null> {
  if (given) return { range: given, span: null, ...(await listDrawnSamples(incident.hostId, given)) }
  const { from, to } = incident
  if (from === null || to === null) return null
  const near = await listDrawnSamples(incident.hostId, aroundIncident({ from, to }))
  const chosen = chooseChartRange({ from, to }, extentOf(near.samples), span)
  return { ...chosen, ...(span === '24h' ? await listDrawnSamples(incident.hostId, chosen.range) : near) }
}

/** From the first to the last sample; null without any. */
export function extentOf(samples: Series): TimeRange | null {
  const first = samples[0]
  const last = samples.at(-1)
  return first && last ? { from: first.at, to: last.at } : null
}
