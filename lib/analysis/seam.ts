import type { FileAnalysis } from '@/lib/analysis/analysis'
import type { Chapter } from '@/lib/analysis/chapter'
import { createLogReader } from '@/lib/analysis/reader'
import type { LineRange } from '@/lib/logs/source'
import type { Kill, OomReport } from '@/lib/oom/report'
import type { SourceHints } from '@/lib/source'

/** Seams are looked for where the older file's last line and the newer one's first are at most this far apart. */
const LONGEST_HOLE_MS = 3_600_000
/** The lines around a seam were written within this time of the older file's end. */
const TAIL_MS = 2 * 86_400_000

/** What stands across the end of one file and the start of the next, read as one text. */
export interface Seam {
  older: string
  newer: string
  /** Last line of the newer file that the seam tells of. */
  newerTo: number
  /** The whole report. Its lines count on from the older file through the newer one. */
  report: OomReport
  /** Its kills, each cited where it stands. */
  kills: Kill[]
}

/** True when a report that the older file leaves open may be completed by the newer one. */
export function mayBeCut(older: Chapter, newer: Chapter): boolean {
  if (older.host !== newer.host || older.source === newer.source) return false
  if (older.openFrom === null || !newer.isCutAtStart) return false
  if (older.to === null || newer.from === null) return true
  const hole = newer.from - older.to
  return hole >= -60_000 && hole <= LONGEST_HOLE_MS
}

/**
 * Reads the end of one file and the start of the next as one text. The same reader that reads a file decides whether
 * they fit: its clocks, its writers and what the facts contradict.
 *
 * @param tail the older file's lines from `older.openFrom` to its end
 * @param head the newer file's first lines
 * @returns null when no report goes over the seam
 */
export function readSeam(
  older: Chapter,
  newer: Chapter,
  { tail, head, zone }: { tail: readonly string[]; head: readonly string[]; zone: string | null },
): Seam | null {
  if (older.openFrom === null || tail.length === 0 || head.length === 0) return null
  const text = new TextEncoder().encode(`${[...tail, ...head].join('\n')}\n`)
  for (const year of yearsAround(older)) {
    const reader = createLogReader(hintsOf(older, zone, year), older.openFrom - 1)
    reader.push(text)
    const analysis = reader.end()
    if (isOfTime(analysis, older)) return seamOf(analysis, older, newer)
  }
  return null
}

function hintsOf(older: Chapter, zone: string | null, year: number | null): SourceHints {
  return { name: older.source, host: older.host, zone, year, modifiedAt: null, receivedAt: null }
}

/** At the turn of a year its zone decides in which one the older file ends. */
function yearsAround({ year, to }: Chapter): (number | null)[] {
  if (year === null || to === null) return [null]
  const last = new Date(to).getUTCFullYear()
  return [last, last - 1, last + 1]
}

function isOfTime({ from }: FileAnalysis, { to }: Chapter): boolean {
  return from === null || to === null || (from <= to + 60_000 && from >= to - TAIL_MS)
}

function seamOf(analysis: FileAnalysis, older: Chapter, newer: Chapter): Seam | null {
  const end = older.lines
  const across = analysis.reports.find(({ lines }) => lines.from <= end && lines.to > end)
  if (!across) return null
  const place = (range: LineRange): LineRange =>
    range.from > end
      ? { source: newer.source, from: range.from - end, to: range.to - end }
      : { ...range, to: Math.min(range.to, end) }
  const newerTo = across.lines.to - end
  return {
    older: older.source,
    newer: newer.source,
    newerTo,
    report: {
      ...across,
      index: 0,
      host: across.host ?? older.host,
      lines: { ...across.lines, to: end },
      continues: { source: newer.source, from: 1, to: newerTo },
    },
    kills: analysis.kills
      .filter((kill) => kill.report === across.index)
      .map((kill) => ({
        ...kill,
        host: kill.host ?? older.host,
        report: 0,
        lines: place(kill.lines),
        ...(kill.choice && { choice: place(kill.choice) }),
        echoes: kill.echoes.map(place),
      })),
  }
}

/** The newer file with the whole report in place of what its own first lines tell of it. */
export function withSeamBefore(analysis: FileAnalysis, seam: Seam): FileAnalysis {
  const others = analysis.reports.filter(({ lines, isCutAtStart }) => !isCutAtStart || lines.from > seam.newerTo)
  const moved = new Map(others.map((report, position) => [report.index, position + 1]))
  const keyOf = ({ lines, pid }: Kill) => `${lines.source} ${lines.from} ${pid}`
  const own = new Map(analysis.kills.map((kill) => [keyOf(kill), kill]))
  const told = new Set(seam.kills.map(keyOf))
  const completed = seam.kills.map((kill) => {
    // When it was, and what else tells of it, its own file knows best: there the whole text was read.
    const known = own.get(keyOf(kill))
    return known ? { ...kill, stamp: known.stamp, echoes: known.echoes } : kill
  })
  const rest = analysis.kills
    .filter((kill) => !told.has(keyOf(kill)))
    .map((kill) => ({ ...kill, report: kill.report === null ? null : (moved.get(kill.report) ?? null) }))
  return {
    ...analysis,
    reports: [seam.report, ...others].map((report, index) => ({ ...report, index })),
    kills: [...completed, ...rest].map((kill, index) => ({ ...kill, index })),
    joined: [...analysis.joined, seam.older],
  }
}

/** The older file without the report that the newer one completes: it is told there. */
export function withSeamAfter(analysis: FileAnalysis, seam: Seam): FileAnalysis {
  const removed = analysis.reports.find(({ lines }) => lines.from === seam.report.lines.from)
  if (!removed) return analysis
  const kept = analysis.reports.filter((report) => report !== removed)
  const moved = new Map(kept.map((report, position) => [report.index, position]))
  return {
    ...analysis,
    reports: kept.map((report, index) => ({ ...report, index })),
    kills: analysis.kills
      .filter((kill) => kill.report !== removed.index)
      .map((kill, index) => ({
        ...kill,
        index,
        report: kill.report === null ? null : (moved.get(kill.report) ?? null),
      })),
    joined: [...analysis.joined, seam.newer],
  }
}
