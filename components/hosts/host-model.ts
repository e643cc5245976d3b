import { type ChartData, type ChartModel, chartModel } from '@/lib/charts/chart-model'
import { NO_SUBJECT } from '@/lib/charts/lines-panels'
import type { TimeRange } from '@/lib/charts/time-scale'
import { reportFigures } from '@/lib/findings/report-figures'
import { gapEvidence } from '@/lib/incidents/gap-evidence'
import type { Boot } from '@/lib/incidents/host'
import { incidentLanes } from '@/lib/incidents/lanes'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import type { EpochMs } from '@/lib/units'

interface HostModelInput {
  data: ChartData
  /** Of the range. */
  facts: { kills: Kill[]; reports: OomReport[]; events: LogEvent[] }
  boots: readonly Boot[]
  range: TimeRange
  zone: string
  now: EpochMs
}

/** The charts of a host: everything that happened on it in a range, and no incident singled out. */
export function hostModel({ data, facts, boots, range, zone, now }: HostModelInput): ChartModel {
  return chartModel({
    data,
    subject: NO_SUBJECT,
    evidence: gapEvidence(facts, boots),
    range,
    zone,
    band: null,
    lanes: incidentLanes({ ...facts, from: null, to: null }, [], null),
    reports: facts.reports.flatMap((report) => reportFigures(report) ?? []),
    readAt: data.samples.at(-1)?.at ?? range.to,
    now,
  })
}
