import { type Excerpt, isShown } from '@/lib/incidents/excerpt'
import type { LineRange } from '@/lib/logs/source'
import { placeLines } from '@/lib/oom/continued'
import type { OomReport } from '@/lib/oom/report'
import { routes } from '@/lib/routes'

/** Where the lines of this page can be followed to. */
export interface LineLinks {
  excerpts: readonly Excerpt[]
  /** The incident's: one may go on in the next file of a rotated log. */
  reports: readonly OomReport[]
  /** False on a shared page: lines that are not on it lead nowhere. */
  canOpenUploads: boolean
  /** Line of the selected kill. */
  selected: LineRange | null
}

/** Links to the lines a statement rests on: on this page where they are shown, else in the receipt of their upload. */
export function Evidence({ ranges, links }: { ranges: readonly LineRange[]; links: LineLinks }) {
  return unique(ranges.flatMap((range) => placeLines(range, links.reports)))
    .slice(0, 6)
    .map((range) => {
      const key = `${range.source}:${range.from}-${range.to}`
      const text = range.to > range.from ? `L${range.from}–${range.to}` : `L${range.from}`
      const href = hrefOfLine(range, links)
      const isSelected =
        links.selected !== null && links.selected.source === range.source && links.selected.from === range.from
      const label = range.to > range.from ? `log lines ${range.from} to ${range.to}` : `log line ${range.from}`
      return href ? (
        <a key={key} className={isSelected ? 'ev on' : 'ev'} href={href} aria-label={label}>
          {text}
        </a>
      ) : (
        <span key={key} className="ev">
          {text}
        </span>
      )
    })
}

function hrefOfLine(range: LineRange, links: LineLinks): string | null {
  if (isShown(links.excerpts, range.source, range.from)) return `#${lineId(links.excerpts, range.source, range.from)}`
  return links.canOpenUploads ? routes.uploadReceipt(range.source, range.from) : null
}

/** `L29` in the first source of a page, `S2-L29` in the second. */
export function lineId(excerpts: readonly Excerpt[], source: string, line: number): string {
  const index = excerpts.findIndex((excerpt) => excerpt.source === source)
  return index <= 0 ? `L${line}` : `S${index + 1}-L${line}`
}

function unique(ranges: readonly LineRange[]): LineRange[] {
  const seen = new Map(ranges.map((range) => [`${range.source}:${range.from}-${range.to}`, range]))
  return [...seen.values()]
}
