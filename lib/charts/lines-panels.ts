import { type DrawnLine, drawnRows, type GapsOf, type LinesPanel, type PanelSeries, peakOf } from '@/lib/charts/panel'
import type { Columns } from '@/lib/charts/series'
import { byteScale, shareScale } from '@/lib/charts/value-scale'
import type { CgroupSeries, ProcessSeries } from '@/lib/metrics/bucketed'
import { visibleText } from '@/lib/text/visible'
import { type Bytes, formatBytes } from '@/lib/units'

/** What an incident is about, to be told from everything else that was measured. */
export interface Subject {
  victims: readonly { pid: number | null; comm: string | null }[]
  /** Program that held the most; null when not known. */
  hogComm: string | null
  /** The control group whose limit was hit, drawn alone and against its limit; null: all, by how full they were. */
  limitedCgroup: string | null
}

export const NO_SUBJECT: Subject = { victims: [], hogComm: null, limitedCgroup: null }

type Process = ProcessSeries['processes'][number]
type Group = CgroupSeries['cgroups'][number]

const MOST_LINES = 5
/** Victims that are not among the largest are drawn besides. */
const MOST_VICTIMS = 2
const LONGEST_LABEL = 28

/**
 * Resident and swapped size of the largest processes, and of all others that were told together; null without any.
 * Victims are dashed, the program that held the most is bold.
 */
export function processPanel(series: ProcessSeries, { victims, hogComm }: Subject, gapsOf: GapsOf): LinesPanel | null {
  const isVictim = (process: Process) => victims.some(({ pid, comm }) => pid === process.pid && comm === process.comm)
  const drawn = series.processes.filter(
    (process, index) =>
      index < MOST_LINES ||
      series.processes.slice(MOST_LINES).filter(isVictim).slice(0, MOST_VICTIMS).includes(process),
  )
  if (drawn.length === 0) return null
  const others = series.processes.filter((process) => !drawn.includes(process))
  const columns: Columns = { at: middles(series), values: {}, extremes: {} }
  drawn.forEach((process, index) => {
    columns.values[`process-${index}`] = process.rss.map((_, row) => sizeOf(process, row))
  })
  if (others.length > 0) columns.values.others = columns.at.map((_, row) => sumOf(others, row))
  return {
    ...drawnRows(withOwnExtremes(columns), gapsOf),
    title: 'Largest processes',
    fullTitle: 'Largest processes: resident + swapped',
    series: [
      ...drawn.map(
        ({ pid, comm }, index): PanelSeries => ({
          key: `process-${index}`,
          label: `${shortened(comm)} ${pid}`,
          unit: 'bytes',
          formula: `${visibleText(comm)}, pid ${pid}: resident + swapped`,
        }),
      ),
      ...(others.length > 0
        ? [
            {
              key: 'others',
              label: `${others.length} ${others.length === 1 ? 'other' : 'others'}`,
              unit: 'bytes',
              formula: 'resident + swapped of the others told, each at its largest',
            } as const,
          ]
        : []),
    ],
    lines: [
      ...drawn.map(
        (process, index): DrawnLine => ({
          key: `process-${index}`,
          tone: index,
          shape: 'line',
          isBold: process.comm === hogComm,
          isDashed: isVictim(process),
        }),
      ),
      ...(others.length > 0
        ? [{ key: 'others', tone: OTHERS_TONE, shape: 'line', isBold: false, isDashed: false } as const]
        : []),
    ],
    scale: byteScale(peakOf(columns, Object.keys(columns.values))),
    ceiling: null,
    references: [],
    note: null,
  }
}

/** A group against its limit, or how full each of the fullest is; null where nothing of the kind was measured. */
export function cgroupPanel(series: CgroupSeries, { limitedCgroup }: Subject, gapsOf: GapsOf): LinesPanel | null {
  const hit = limitedCgroup === null ? undefined : series.cgroups.find(({ path }) => path === limitedCgroup)
  return hit ? limitedPanel(hit, series, gapsOf) : fullestPanel(series, gapsOf)
}

function limitedPanel(group: Group, series: CgroupSeries, gapsOf: GapsOf): LinesPanel | null {
  const swaps = group.swap.some((value) => (value ?? 0) > 0)
  const limits = group.limit.filter((value) => value !== null)
  const columns: Columns = {
    at: middles(series),
    values: { usage: group.usage, limit: group.limit, ...(swaps ? { 'group-swap': group.swap } : {}) },
    extremes: {},
  }
  const drawn: (DrawnLine & PanelSeries)[] = [
    { ...bytesLine('usage', 'Usage', 'memory.current'), tone: 0, shape: 'area', isBold: true, isDashed: false },
    ...(swaps
      ? [
          {
            ...bytesLine('group-swap', 'Swap', 'memory.swap.current'),
            tone: 4,
            shape: 'line',
            isBold: false,
            isDashed: false,
          } as const,
        ]
      : []),
    ...(limits.length > 0
      ? [
          {
            ...bytesLine('limit', 'Limit', 'memory.max'),
            tone: OTHERS_TONE,
            shape: 'step',
            isBold: false,
            isDashed: false,
          } as const,
        ]
      : []),
  ]
  const [limit] = limits
  const isSteady = limit !== undefined && limits.every((value) => value === limit)
  const shown = isSteady ? drawn.filter(({ key }) => key !== 'limit') : drawn
  return {
    ...drawnRows(withOwnExtremes(columns), gapsOf),
    title: groupName(group.path),
    fullTitle: visibleText(group.path),
    series: shown.map(({ key, label, unit, formula }) => ({ key, label, unit, formula })),
    lines: shown.map(({ key, tone, shape, isBold, isDashed }) => ({ key, tone, shape, isBold, isDashed })),
    scale: byteScale(peakOf(columns, ['usage', 'limit', 'group-swap'])),
    ceiling: isSteady ? { value: limit, label: `Limit ${formatBytes(limit)}` } : null,
    references: [],
    note: null,
  }
}

function fullestPanel(series: CgroupSeries, gapsOf: GapsOf): LinesPanel | null {
  const fullest = series.cgroups
    .map((group) => ({ group, shares: group.usage.map((usage, row) => shareOf(usage, group.limit[row] ?? null)) }))
    .map((each) => ({ ...each, peak: each.shares.reduce<number>((most, share) => Math.max(most, share ?? -1), -1) }))
    .filter(({ peak }) => peak >= 0)
    .sort((a, b) => b.peak - a.peak)
    .slice(0, MOST_LINES)
  if (fullest.length === 0) return null
  const columns: Columns = { at: middles(series), values: {}, extremes: {} }
  fullest.forEach(({ shares }, index) => {
    columns.values[`group-${index}`] = shares
  })
  return {
    ...drawnRows(withOwnExtremes(columns), gapsOf),
    title: 'Fullest groups',
    fullTitle: 'Control groups: usage / limit',
    series: fullest.map(({ group: { path } }, index) => ({
      key: `group-${index}`,
      label: groupName(path),
      unit: 'percent',
      formula: `${visibleText(path)}: memory.current / memory.max`,
    })),
    lines: fullest.map((_, index) => ({
      key: `group-${index}`,
      tone: index,
      shape: 'line',
      isBold: false,
      isDashed: false,
    })),
    scale: shareScale(peakOf(columns, Object.keys(columns.values))),
    ceiling: { value: 100, label: 'Limit' },
    references: [],
    note: null,
  }
}

/** Tone of what is no one's own: others together, a limit. */
export const OTHERS_TONE = 5

function bytesLine(key: string, label: string, formula: string): PanelSeries {
  return { key, label, unit: 'bytes', formula }
}

/** Each row stands for itself, until rows are joined. */
function withOwnExtremes(columns: Columns): Columns {
  const extremes = Object.entries(columns.values).map(([key, column]) => [key, { least: column, greatest: column }])
  return { ...columns, extremes: Object.fromEntries(extremes) }
}

/** A bucket's values are the largest in it: they stand in its middle. */
function middles({ at, bucketMs }: { at: number[]; bucketMs: number }): number[] {
  return at.map((start) => start + Math.floor(bucketMs / 2))
}

function sizeOf({ rss, swap }: Process, row: number): Bytes | null {
  const resident = rss[row] ?? null
  return resident === null ? null : resident + (swap[row] ?? 0)
}

function sumOf(processes: readonly Process[], row: number): Bytes | null {
  return processes.reduce<Bytes | null>((sum, process) => {
    const size = sizeOf(process, row)
    return size === null ? sum : (sum ?? 0) + size
  }, null)
}

/** In percent; null without a limit. */
function shareOf(usage: Bytes | null, limit: Bytes | null): number | null {
  return usage === null || limit === null || limit === 0 ? null : (usage / limit) * 100
}

/** The last part of a path; of a container's id, which is all hexadecimal, as much as its tools print. */
function groupName(path: string): string {
  const last = path.split('/').findLast((part) => part !== '') ?? '/'
  const id = /(?:^|-)([0-9a-f]{12})[0-9a-f]{20,}/.exec(last)
  return id?.[1] ?? shortened(last)
}

function shortened(name: string): string {
  const visible = visibleText(name)
  return visible.length > LONGEST_LABEL ? `${visible.slice(0, LONGEST_LABEL - 1)}…` : visible
}
