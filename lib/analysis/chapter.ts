import type { FileAnalysis } from '@/lib/analysis/analysis'
import type { EpochMs } from '@/lib/units'

/** Lines at either end of a log in which a report may be cut by rotation. */
const EDGE_LINES = 2_000

/** One rotated file seen as a part of its host's history. */
export interface Chapter {
  /** How its lines are cited. */
  source: string
  name: string
  host: string
  lines: number
  from: EpochMs | null
  to: EpochMs | null
  /** Line at which a report begins that the file's end cuts off; null when there is none. */
  openFrom: number | null
  /** True when something near its start belongs to a report that begins before it. */
  isCutAtStart: boolean
  /** The year of its first line when the lines print none; null when they do. */
  year: { value: number; isEvidenced: boolean } | null
}

/** What of a chapter must be kept beside its receipt. */
export type Edges = Pick<Chapter, 'openFrom' | 'isCutAtStart'>

/** Where rotation may have cut reports of this file. */
export function edgesOf({ reports, kills, account }: FileAnalysis): Edges {
  const last = reports.at(-1)
  const [firstReport] = reports
  const [firstKill] = kills
  const isBehind = (line: number) => line <= EDGE_LINES
  const startsCut = firstReport?.isCutAtStart === true && isBehind(firstReport.lines.from)
  const startsWithKill = firstKill?.by === 'kernel' && firstKill.report === null && isBehind(firstKill.lines.from)
  // Old kernels print their choice and the kill on two lines: behind the last one of a file may stand whom it hit.
  const isOpen = last !== undefined && (last.isCutAtEnd || last.lines.to === account.lines)
  return {
    openFrom: isOpen && account.lines - last.lines.to <= EDGE_LINES ? last.lines.from : null,
    isCutAtStart: startsCut || startsWithKill,
  }
}

/**
 * A file as a part of the history of its host. Null for what is no log, names no host, or tells of several: files
 * without a host must never touch each other.
 */
export function toChapter(analysis: FileAnalysis, source: string, host = analysis.host): Chapter | null {
  return host === null ? null : chapterOf(analysis, edgesOf(analysis), source, host)
}

type Told = Pick<FileAnalysis, 'name' | 'kind' | 'hosts' | 'account' | 'from' | 'to' | 'assumed'>

/** The same from what is kept of a file; null when it is no log or tells of several hosts. */
export function chapterOf(told: Told, edges: Edges, source: string, host: string): Chapter | null {
  if (told.kind !== 'log' || told.hosts.length > 1) return null
  const year = told.assumed.find(({ what }) => what === 'year')
  return {
    source,
    name: told.name,
    host,
    lines: told.account.lines,
    from: told.from,
    to: told.to,
    ...edges,
    year: year ? { value: Number(year.value), isEvidenced: year.isEvidenced } : null,
  }
}

/**
 * The order that rotation gives two files by their names: negative when `a` is older, positive when it is newer, null
 * when their names do not tell. Knows `messages`, `messages.1`, `messages-20071104`, each packed or not.
 */
export function rotationOrder(a: string, b: string): number | null {
  const [first, second] = [rotationOf(a), rotationOf(b)]
  if (first.stem !== second.stem || first.kind === second.kind) {
    if (first.stem !== second.stem || first.number === second.number) return null
    // A higher number is older, a later date is newer.
    return first.kind === 'date' ? first.number - second.number : second.number - first.number
  }
  if (first.kind === 'none') return 1
  return second.kind === 'none' ? -1 : null
}

const PACKED = /\.(?:gz|bz2|xz|zst|zip)$/i
// "messages.1", "kern.log.12"; "messages-20071104", "syslog.2024-03-14"
const NUMBERED = /^(.+)\.(\d{1,4})$/
const DATED = /^(.+?)[-.]((?:19|20)\d\d)-?(\d\d)-?(\d\d)(\.log)?$/

function rotationOf(name: string): { stem: string; kind: 'none' | 'number' | 'date'; number: number } {
  const base = name.slice(name.lastIndexOf('/') + 1).replace(PACKED, '')
  const dated = DATED.exec(base)
  if (dated) {
    return { stem: `${dated[1]}${dated[5] ?? ''}`, kind: 'date', number: Number(`${dated[2]}${dated[3]}${dated[4]}`) }
  }
  const numbered = NUMBERED.exec(base)
  if (numbered) return { stem: numbered[1] ?? '', kind: 'number', number: Number(numbered[2]) }
  return { stem: base, kind: 'none', number: 0 }
}
