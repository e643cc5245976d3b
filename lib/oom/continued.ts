import type { LineRange } from '@/lib/logs/source'
import type { OomReport } from '@/lib/oom/report'

/**
 * Where lines of a report really stand, when it begins in one file and ends in the next: a range that reaches over the
 * end of the first becomes two. Ranges of any other fact come back as they are.
 */
export function placeLines(range: LineRange, reports: readonly OomReport[]): LineRange[] {
  const report = reports.find(
    ({ lines, continues }) =>
      continues && lines.source === range.source && range.to > lines.to && range.from >= lines.from,
  )
  const next = report?.continues
  if (!report || !next) return [range]
  const end = report.lines.to
  const rest = { source: next.source, from: Math.max(1, range.from - end), to: range.to - end }
  return range.from > end ? [rest] : [{ ...range, to: end }, rest]
}
