import type { ChartData } from '@/lib/charts/chart-model'
import type { TimeRange } from '@/lib/charts/time-scale'
import { readChartData } from '@/lib/db/chart-data'
import { listDrawnSamples } from '@/lib/db/series'
import { aroundIncident, type ChartSpan, chooseChartRange } from '@/lib/incidents/chart-range'
import type { Incident } from '@/lib/incidents/incident'
import type { Series } from '@/lib/metrics/sample'

/** What the charts of an incident show. `span` is null for a range from the address. */
export interface ChartReading {
  range: TimeRange
  span: ChartSpan | null
  data: ChartData
  /** Around the incident, whatever part of it is drawn. */
  samples: Series
}

/** @returns null when neither the address nor the log gives a time */
export async function readChart(
  incident: Incident,
  span: ChartSpan | null,
  given: TimeRange | null,
): Promise<ChartReading | null> {
  const { from, to } = incident
  if (from === null || to === null) {
    if (!given) return null
    const data = await readChartData(incident.hostId, given)
    return { range: given, span: null, data, samples: data.samples }
  }
  const near = await listDrawnSamples(incident.hostId, aroundIncident({ from, to }))
  if (given) {
    return { range: given, span: null, data: await readChartData(incident.hostId, given), samples: near.samples }
  }
  const chosen = chooseChartRange({ from, to }, extentOf(near.samples), span)
  return { ...chosen, data: await readChartData(incident.hostId, chosen.range), samples: near.samples }
}

/** From the first to the last sample; null without any. */
export function extentOf(samples: Series): TimeRange | null {
  const first = samples[0]
  const last = samples.at(-1)
  return first && last ? { from: first.at, to: last.at } : null
}
