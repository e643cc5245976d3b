import { linesOfFacts } from '@/lib/incidents/fact-lines'
import { reportOfKill } from '@/lib/incidents/identity'
import type { Finding, IncidentFacts } from '@/lib/incidents/incident'
import type { LineRange } from '@/lib/logs/source'
import { placeLines } from '@/lib/oom/continued'

/** A stretch of a source: shown line by line, or folded to one row that tells how many lines it stands for. */
export interface ExcerptPart {
  from: number
  to: number
  isFolded: boolean
}

/** What an incident page shows of one source. Parts ascending; what lies between two parts is not about the incident. */
export interface Excerpt {
  source: string
  parts: ExcerptPart[]
}

/** A report up to this long is shown whole. */
const WHOLE_REPORT = 64
/** Fewer lines than this are shown rather than folded away. */
const LEAST_FOLD = 4
/** Lines shown of one incident at most; the rest is reached through the receipt of its upload. */
const MOST_LINES = 600

/**
 * Chooses the lines of an incident page: kill lines, the selected kill's report and where its facts stand, and every line a
 * statement rests on; the rest of long reports is folded.
 *
 * @param selectedKill position in `facts.kills`
 */
export function chooseExcerpts(
  facts: IncidentFacts,
  findings: readonly Finding[],
  selectedKill: number | null,
): Excerpt[] {
  const bySource = new Map<string, { wanted: Set<number>; around: LineRange[] }>()
  const at = (source: string) => {
    const known = bySource.get(source) ?? { wanted: new Set<number>(), around: [] }
    bySource.set(source, known)
    return known
  }
  let left = MOST_LINES
  const want = (range: LineRange, most = range.to - range.from + 1) => {
    const { wanted } = at(range.source)
    for (let line = range.from; line <= range.to && line < range.from + most && left > 0; line += 1) {
      if (!wanted.has(line)) left -= 1
      wanted.add(line)
    }
  }

  const selected = selectedKill === null ? undefined : facts.kills[selectedKill]
  if (selected) {
    want(selected.lines)
    const report = reportOfKill(selected, facts.reports)
    for (const range of linesOfFacts(selected, report)) {
      for (const placed of placeLines(range, facts.reports)) want(placed)
    }
  }
  for (const finding of findings) for (const range of finding.evidence) want(range, LEAST_FOLD)
  const main = selected?.report ?? facts.reports[0]?.index ?? null
  for (const report of facts.reports) {
    at(report.lines.source).around.push(report.lines)
    const length = report.lines.to - report.lines.from + 1
    if (report.index === main && length <= WHOLE_REPORT) want(report.lines)
    want(report.lines, 2)
    want({ ...report.lines, from: Math.max(report.lines.from, report.lines.to - 1) })
    if (report.continues) {
      at(report.continues.source).around.push(report.continues)
      want(report.continues, length <= WHOLE_REPORT ? WHOLE_REPORT : 2)
    }
  }
  for (const kill of facts.kills) want(kill.lines, LEAST_FOLD)

  return [...bySource].map(([source, { wanted, around }]) => ({ source, parts: partsOf(wanted, around) }))
}

function partsOf(wanted: ReadonlySet<number>, reports: readonly LineRange[]): ExcerptPart[] {
  const lines = [...wanted].sort((a, b) => a - b)
  const parts: ExcerptPart[] = []
  for (const line of lines) {
    const last = parts.at(-1)
    if (!last) {
      parts.push({ from: line, to: line, isFolded: false })
      continue
    }
    const skipped = line - last.to - 1
    const isInReport = reports.some((report) => report.from <= last.to && report.to >= line)
    if (skipped < LEAST_FOLD) last.to = line
    else {
      if (isInReport) parts.push({ from: last.to + 1, to: line - 1, isFolded: true })
      parts.push({ from: line, to: line, isFolded: false })
    }
  }
  return parts
}

/** Is this line among those an excerpt shows? */
export function isShown(excerpts: readonly Excerpt[], source: string, line: number): boolean {
  return excerpts.some(
    (excerpt) =>
      excerpt.source === source && excerpt.parts.some((part) => !part.isFolded && part.from <= line && part.to >= line),
  )
}

/** An excerpt of exactly these lines, for a frozen page that holds no others. Lines ascending within each source. */
export function excerptsOf(lines: Record<string, { line: number }[]>, reports: readonly LineRange[]): Excerpt[] {
  return Object.entries(lines).map(([source, known]) => {
    const own = reports.filter((report) => report.source === source)
    return { source, parts: partsOf(new Set(known.map((each) => each.line)), own) }
  })
}
