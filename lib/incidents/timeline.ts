import { findBursts } from '@/lib/incidents/bursts'
import { stripIds } from '@/lib/incidents/cgroup-path'
import { reportFinder } from '@/lib/incidents/identity'
import type { Finding, IncidentFacts, Note } from '@/lib/incidents/incident'
import { placeInTime } from '@/lib/incidents/placing'
import { eventRow, killRow, momentRow, noteRow, reportRow } from '@/lib/incidents/timeline-rows'
import type { LineRange } from '@/lib/logs/source'
import type { Series } from '@/lib/metrics/sample'
import type { LogEvent, OomReport } from '@/lib/oom/report'
import { message } from '@/lib/text/catalogue'
import type { Message } from '@/lib/text/message'
import type { EpochMs } from '@/lib/units'

/** One row of the timeline. */
export interface TimelineEntry {
  /** Stable within the incident and fit for a fragment of an address. */
  id: string
  kind: 'report' | 'kill' | 'event' | 'note' | 'quiet' | 'fold'
  /** The kind of log event, for `event` rows. */
  eventKind: LogEvent['kind'] | null
  severity: 'info' | 'sign' | 'critical'
  at: EpochMs | null
  /** End of a report, a quiet stretch or a fold; `at` otherwise. */
  until: EpochMs | null
  /** The time as printed; null for notes and quiet stretches. */
  atText: string | null
  isAtUncertain: boolean
  /** From the first kill (first row without kills), negative before it; null when either has no time. */
  deltaMs: number | null
  sentence: Message
  detail: Message | null
  lines: LineRange[]
  /** Shown at first; the rest belongs to "all activity". */
  isKey: boolean
  /** Position in `IncidentFacts.kills` for a kill row. */
  kill: number | null
  /** Which burst a kill belongs to, from 0. */
  burst: number | null
  /** The rows a fold stands for. */
  folded: TimelineEntry[]
  note: Note | null
}

export interface TimelineOptions {
  /** Samples of the host around the incident: a quiet stretch of the log says whether they continued. */
  samples?: Series
  /** What was found about the incident: what samples show gets rows of its own. */
  findings?: readonly Finding[]
}

/** A row with what is needed to order, fold and measure it. */
export interface Row {
  entry: TimelineEntry
  /** Rows of one key in succession fold; null never folds. */
  foldKey: string | null
  source: string
  line: number
  at: EpochMs | null
  until: EpochMs | null
  uptimeSeconds: number | null
  track: string
}

const QUIET_MS = 10 * 60_000
const FOLD_FROM = 3
/** A longer pause is worth a row of its own, even between equals. */
const FOLD_PAUSE_MS = 30 * 60_000

/**
 * Everything known of an incident in the order it happened, ready to draw: a report is one row before its kills, rows
 * that repeat are folded, quiet stretches are said. Notes without a time come last.
 */
export function buildTimeline(
  incident: IncidentFacts,
  notes: readonly Note[] = [],
  options: TimelineOptions = {},
): TimelineEntry[] {
  const moments = (options.findings ?? []).flatMap((finding) => finding.moments ?? [])
  const dated = notes.filter((note) => note.at !== null)
  const rows = [...logRows(incident), ...moments.map(momentRow), ...dated.map(noteRow)].sort(byPlace)
  const origin = rows.find((row) => row.entry.kind === 'kill') ?? rows.find((row) => row.entry.kind !== 'note')
  for (const row of rows) row.entry.deltaMs = origin ? between(origin, row) : null
  const untimed = notes.filter((note) => note.at === null).map((note) => noteRow(note).entry)
  return [...withQuiet(fold(rows), options.samples ?? []), ...untimed]
}

function logRows(incident: IncidentFacts): Row[] {
  const reportOf = reportFinder(incident.reports)
  const burstOf = new Map(
    findBursts(incident.kills).flatMap((burst, index) => burst.kills.map((kill) => [kill, index])),
  )
  const keyOfReport = new Map<OomReport | null, string>()
  const kills = incident.kills.map((kill, position) => {
    const report = reportOf(kill)
    const foldKey = `kill ${kill.by} ${kill.comm} ${stripIds(kill.limitCgroup ?? kill.cgroup ?? '')}`
    if (!keyOfReport.has(report)) keyOfReport.set(report, foldKey)
    const burst = burstOf.get(kill) ?? 0
    return killRow(kill, report, { position, burst, foldKey, isReportExpected: incident.reports.length > 0 })
  })
  const reports = incident.reports.map((report) => reportRow(report, keyOfReport.get(report) ?? null))
  const rows = [...reports, ...kills, ...incident.events.map(eventRow)]
  placeInTime(rows)
  return rows
}

function byPlace(a: Row, b: Row): number {
  if (a.at !== null && b.at !== null && a.at !== b.at) return a.at - b.at
  if (a.source !== b.source) return a.source < b.source ? -1 : 1
  return a.line - b.line
}

/** Milliseconds from one row to another by the clock, else by the uptime of one source. */
function between(from: Row, to: Row): number | null {
  if (from.entry.at !== null && to.entry.at !== null) return to.entry.at - from.entry.at
  if (from.source !== to.source || from.uptimeSeconds === null || to.uptimeSeconds === null) return null
  return Math.round((to.uptimeSeconds - from.uptimeSeconds) * 1000)
}

/** Runs of rows with one key become one row, when they repeat often enough. */
function fold(rows: Row[]): Row[] {
  const folded: Row[] = []
  let run: Row[] = []
  for (const row of [...rows, null]) {
    if (row && continues(run, row)) {
      run.push(row)
      continue
    }
    folded.push(...asOne(run))
    run = row ? [row] : []
  }
  return folded
}

function continues(run: Row[], row: Row): boolean {
  const last = run.at(-1)
  if (!last || row.foldKey === null || row.foldKey !== last.foldKey) return false
  return (between(last, row) ?? 0) <= FOLD_PAUSE_MS
}

function asOne(run: Row[]): Row[] {
  const [first] = run
  const last = run.at(-1)
  if (!first || !last) return []
  const kills = run.filter((row) => row.entry.kind === 'kill')
  const count = kills.length > 0 ? kills.length : run.length
  if (count < FOLD_FROM) return run
  const entries = run.map((row) => row.entry)
  const entry: TimelineEntry = {
    ...first.entry,
    id: `fold-${first.entry.id}`,
    kind: 'fold',
    until: last.entry.until,
    sentence: kills.length > 0 ? foldedKills(kills) : foldedEvents(run),
    detail: null,
    lines: entries.flatMap((each) => each.lines),
    kill: null,
    burst: kills[0]?.entry.burst ?? null,
    isKey: entries.some((each) => each.isKey),
    folded: entries,
  }
  return [{ ...first, until: last.until, entry }]
}

function foldedKills(kills: Row[]): Message {
  const steps = kills
    .slice(1)
    .map((row, index) => between(kills[index] ?? row, row))
    .filter((step) => step !== null)
    .sort((a, b) => a - b)
  const median = steps[Math.floor(steps.length / 2)] ?? null
  const every = median !== null && median >= 1000 ? median : null
  const comm = kills[0]?.entry.sentence.params.comm ?? null
  return message('timeline.fold.kills', { count: kills.length, comm, every })
}

function foldedEvents(run: Row[]): Message {
  const text = run[0]?.entry.detail?.params.text ?? null
  return message('timeline.fold.events', { count: run.length, text })
}

function withQuiet(rows: Row[], samples: Series): TimelineEntry[] {
  return rows.flatMap((row, index) => {
    const next = rows[index + 1]
    const quiet = next ? quietBetween(row, next, samples) : null
    return quiet ? [row.entry, quiet] : [row.entry]
  })
}

function quietBetween(row: Row, next: Row, samples: Series): TimelineEntry | null {
  if (row.entry.kind === 'note' || next.entry.kind === 'note') return null
  const from = row.entry.until ?? row.entry.at
  const to = next.entry.at
  const length = from !== null && to !== null ? to - from : between(row, next)
  if (length === null || length < QUIET_MS) return null
  const isSampled = from !== null && to !== null && samples.some(({ at }) => at > from && at < to)
  const isKill = (entry: TimelineEntry) => entry.kind === 'kill' || entry.folded.some((each) => each.kind === 'kill')
  const isBetweenKills = isKill(row.entry) && isKill(next.entry)
  const sentence = isSampled
    ? message('timeline.quiet-samples', { length })
    : isBetweenKills
      ? message('timeline.quiet-kills', { length })
      : message('timeline.quiet', { length })
  return {
    ...row.entry,
    id: `quiet-${row.entry.id}`,
    kind: 'quiet',
    eventKind: null,
    severity: 'info',
    at: from,
    until: to,
    atText: null,
    isAtUncertain: false,
    deltaMs: null,
    sentence,
    detail: null,
    lines: [],
    isKey: true,
    kill: null,
    burst: null,
    folded: [],
    note: null,
  }
}
