import { type GapEvidence, NO_EVIDENCE, reasonOf } from '@/lib/charts/gap-reasons'
import { cgroupPanel, processPanel, type Subject } from '@/lib/charts/lines-panels'
import type { Mark } from '@/lib/charts/marks'
import type { GapsOf, LinesPanel, MemoryPanel, Panel, SwapPanel } from '@/lib/charts/panel'
import { type Measured, memoryPanel, pressurePanel, swapPanel } from '@/lib/charts/sample-panels'
import { expectedStep, findGaps, type Gap, joinGaps } from '@/lib/charts/series'
import type { TimeRange } from '@/lib/charts/time-scale'
import type { CgroupSeries, Extremes, ProcessSeries } from '@/lib/metrics/bucketed'
import type { Series } from '@/lib/metrics/sample'
import type { Bytes, EpochMs } from '@/lib/units'

export type LaneKind = 'kills' | 'reports' | 'signs' | 'reboots' | 'notes'

/** One kind of event over the plots. Marks ascending by `at`. */
export interface Lane {
  kind: LaneKind
  label: string
  marks: Mark[]
}

/** What one OOM report says about the machine or the control group it is about: drawn as a column when nothing else was measured. */
export interface ReportFigures {
  at: EpochMs
  /** What its parts add up to: "RAM", or the limit of a control group. */
  totalName: string
  total: Bytes
  /** From the bottom; together at most `total`. */
  parts: { key: string; label: string; bytes: Bytes }[]
}

export type PanelKey = 'memory' | 'swap' | 'pressure' | 'cgroups' | 'processes'

/** Everything the chart stack draws, as plain data: the static and the interactive view are two drawings of it. */
export interface ChartModel {
  range: TimeRange
  zone: string
  /** The incident's own span, shaded. */
  band: TimeRange | null
  lanes: Lane[]
  /** Null: not measured in this range. */
  memory: MemoryPanel | null
  swap: SwapPanel | null
  pressure: Panel | null
  processes: LinesPanel | null
  cgroups: LinesPanel | null
  /** True where these two were not read because the range is too long. */
  areListsLeftOut: boolean
  reports: ReportFigures[]
  /** Instant that the readings are taken at. */
  readAt: EpochMs
  /** Usual distance of samples; null without any. */
  stepMs: number | null
}

/** What was measured of one host in a range. */
export interface ChartData {
  /** Ascending. */
  samples: Series
  /** What each sample stands for; null: for itself. */
  extremes: Extremes | null
  /** Gaps found before the samples were put in buckets, which hide the short ones; null: the samples are as measured. */
  gaps: readonly Gap[] | null
  /** Null: not read. */
  processes: ProcessSeries | null
  cgroups: CgroupSeries | null
  /** True where they were not read because the range is too long. */
  areListsLeftOut: boolean
}

export interface ChartInput {
  data: ChartData
  subject: Subject
  /** What is known of the host where nothing was measured. */
  evidence: GapEvidence
  range: TimeRange
  zone: string
  band: TimeRange | null
  lanes: Lane[]
  reports: ReportFigures[]
  readAt: EpochMs
  /** What lies after it is not missing yet; null where time does not go on, as in a frozen view. */
  now: EpochMs | null
}

export function chartModel(input: ChartInput): ChartModel {
  const { range, data, subject } = input
  const measured = data.extremes ? bucketed(data.samples, data.extremes, range) : asMeasured(data.samples, range)
  const gapsOf =
    (known: readonly Gap[], evidence: GapEvidence): GapsOf =>
    (at) =>
      at.length === 0 ? [] : toldGaps(at, known, evidence, input)
  const sampleGaps = gapsOf(data.gaps ?? [], input.evidence)
  // Lists of processes and groups are sent by some agents only: where they are missing says nothing of the host.
  const listGaps = gapsOf([], NO_EVIDENCE)
  return {
    range,
    zone: input.zone,
    band: input.band,
    lanes: input.lanes,
    reports: input.reports.filter((report) => report.at >= range.from && report.at <= range.to),
    readAt: input.readAt,
    stepMs: expectedStep(measured.map(({ sample }) => sample.at)),
    memory: memoryPanel(measured, sampleGaps),
    swap: swapPanel(measured, sampleGaps),
    pressure: pressurePanel(measured, sampleGaps),
    processes: data.processes && processPanel(data.processes, subject, listGaps),
    cgroups: data.cgroups && cgroupPanel(data.cgroups, subject, listGaps),
    areListsLeftOut: data.areListsLeftOut,
  }
}

/** Gaps with what is known of them, and what is left of the range after now. */
function toldGaps(
  at: readonly EpochMs[],
  known: readonly Gap[],
  evidence: GapEvidence,
  { range, now }: ChartInput,
): Gap[] {
  const end = now === null ? range.to : Math.min(range.to, Math.max(now, at.at(-1) ?? now))
  const gaps = joinGaps(findGaps(at, { from: range.from, to: end }), known).map(
    (gap): Gap => ({ ...gap, reason: reasonOf(gap, evidence) }),
  )
  return end < range.to ? [...gaps, { from: end, to: range.to, edge: 'end', reason: 'not-yet' }] : gaps
}

function asMeasured(samples: Series, range: TimeRange): Measured[] {
  return samples
    .filter((sample) => sample.at >= range.from && sample.at <= range.to)
    .map((sample) => ({ sample, least: sample, greatest: sample }))
}

/** The middle of the first and the last bucket may lie outside of a range that cuts them. */
function bucketed(samples: Series, { least, greatest }: Extremes, range: TimeRange): Measured[] {
  return samples.map((sample, index) => ({
    sample: { ...sample, at: Math.min(Math.max(sample.at, range.from), range.to) },
    least: least[index] ?? sample,
    greatest: greatest[index] ?? sample,
  }))
}

/** The panels that there are, from the top, with their names. */
export function panelsOf(model: ChartModel): { key: PanelKey; title: string; panel: Panel }[] {
  const { memory, swap, pressure, cgroups, processes } = model
  const panels: [PanelKey, string, Panel | null][] = [
    ['memory', 'Memory', memory],
    ['swap', 'Swap', swap],
    ['pressure', 'Pressure', pressure],
    ['cgroups', cgroups?.title ?? '', cgroups],
    ['processes', processes?.title ?? '', processes],
  ]
  return panels.flatMap(([key, title, panel]) => (panel ? [{ key, title, panel }] : []))
}
