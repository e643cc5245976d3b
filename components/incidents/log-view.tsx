import Link from 'next/link'
import { type LineLinks, lineId } from '@/components/incidents/evidence'
import { LogText } from '@/components/ui/log-text'
import type { LogLine } from '@/lib/analysis/upload'
import type { Excerpt, ExcerptPart } from '@/lib/incidents/excerpt'
import type { IncidentFacts } from '@/lib/incidents/incident'
import { routes } from '@/lib/routes'
import { formatCount, formatDuration } from '@/lib/units'

/** A pause this long between two shown stretches is drawn. */
const LEAST_PAUSE_MS = 60_000

interface LogViewProps {
  facts: IncidentFacts
  /** Raw lines by source, ascending. */
  lines: Record<string, LogLine[]>
  /** Lines that statements rest on, as `source:line`. */
  cited: ReadonlySet<string>
  links: LineLinks
}

/** The raw lines of an incident, with what lies between them folded and every silence drawn as a rule. */
export function LogView({ facts, lines, cited, links }: LogViewProps) {
  const known = links.excerpts.filter((excerpt) => (lines[excerpt.source]?.length ?? 0) > 0)
  if (known.length === 0) return <p className="dim">The lines of this incident are not kept any more.</p>
  return known.map((excerpt) => (
    <SourceLines
      key={excerpt.source}
      excerpt={excerpt}
      lines={new Map(lines[excerpt.source]?.map((line) => [line.line, line.text]))}
      pauses={pausesOf(facts, excerpt)}
      cited={cited}
      links={links}
    />
  ))
}

interface SourceLinesProps {
  excerpt: Excerpt
  lines: ReadonlyMap<number, string>
  pauses: ReadonlyMap<number, Pause>
  cited: ReadonlySet<string>
  links: LineLinks
}

function SourceLines({ excerpt, lines, pauses, cited, links }: SourceLinesProps) {
  return (
    <ol className="log">
      {excerpt.parts.map((part, index) => {
        const before = excerpt.parts[index - 1]
        const isApart = before && !part.isFolded && !before.isFolded && part.from > before.to + 1
        return part.isFolded ? (
          <Folded key={part.from} part={part} source={excerpt.source} links={links} />
        ) : (
          <Stretch
            key={part.from}
            part={part}
            source={excerpt.source}
            skipped={isApart ? part.from - before.to - 1 : 0}
            lines={lines}
            pauses={pauses}
            cited={cited}
            links={links}
          />
        )
      })}
    </ol>
  )
}

interface StretchProps extends Omit<SourceLinesProps, 'excerpt'> {
  part: ExcerptPart
  source: string
  /** Lines left out before it because they are not about this incident. */
  skipped: number
}

function Stretch({ part, source, skipped, lines, pauses, cited, links }: StretchProps) {
  const numbers = Array.from({ length: part.to - part.from + 1 }, (_, offset) => part.from + offset)
  return (
    <>
      {skipped > 0 && (
        <li className="gapl">
          <i />
          <span>{formatCount(skipped)} lines not about this incident</span>
        </li>
      )}
      {numbers.map((line) => (
        <NumberedLine
          key={line}
          line={line}
          id={lineId(links.excerpts, source, line)}
          text={lines.get(line) ?? ''}
          pause={pauses.get(line) ?? null}
          isCited={cited.has(`${source}:${line}`)}
          isSelected={
            links.selected !== null &&
            links.selected.source === source &&
            line >= links.selected.from &&
            line <= links.selected.to
          }
        />
      ))}
    </>
  )
}

interface NumberedLineProps {
  line: number
  id: string
  text: string
  pause: Pause | null
  isCited: boolean
  isSelected: boolean
}

/** One raw line under its number, after the pause before it. */
export function NumberedLine({ line, id, text, pause, isCited, isSelected }: NumberedLineProps) {
  return (
    <>
      {pause && (
        <li className={pause.isInReport ? 'gapl slow' : 'gapl'}>
          <i />
          <span style={{ '--w': `${pauseWidth(pause.ms)}px` } as React.CSSProperties}>
            {formatDuration(pause.ms)}
            {pause.isInReport && ' of silence inside the report'}
          </span>
        </li>
      )}
      <li id={id} className={`${isCited ? 'hit' : ''}${isSelected ? ' sel' : ''}`}>
        <a href={`#${id}`} aria-label={`Line ${line}`}>
          {line}
        </a>
        <span>
          <LogText text={text} />
        </span>
      </li>
    </>
  )
}

function Folded({ part, source, links }: { part: ExcerptPart; source: string; links: LineLinks }) {
  const words = `lines ${formatCount(part.from)}–${formatCount(part.to)}`
  return (
    <li className="gapl">
      <i />
      <span className="fold">
        {links.canOpenUploads ? <Link href={routes.uploadReceipt(source, part.from)}>{words}</Link> : words} of the same
        report
      </span>
    </li>
  )
}

interface Pause {
  ms: number
  isInReport: boolean
}

/** Pauses before lines: silences inside a report, and the quiet before a kill or a later report. */
function pausesOf(facts: IncidentFacts, excerpt: Excerpt): Map<number, Pause> {
  const pauses = new Map<number, Pause>()
  const spans = [
    ...facts.reports,
    ...facts.kills.map((kill) => ({ lines: kill.lines, stamp: kill.stamp, endStamp: kill.stamp })),
  ]
    .filter((span) => span.lines.source === excerpt.source)
    .sort((a, b) => a.lines.from - b.lines.from)
  let last: number | null = null
  for (const span of spans) {
    const { at } = span.stamp
    if (at !== null && last !== null && at - last >= LEAST_PAUSE_MS) {
      pauses.set(span.lines.from, { ms: at - last, isInReport: false })
    }
    last = Math.max(last ?? Number.NEGATIVE_INFINITY, span.endStamp.at ?? at ?? Number.NEGATIVE_INFINITY)
  }
  for (const report of facts.reports) {
    if (report.lines.source !== excerpt.source) continue
    for (const silence of report.silences) pauses.set(silence.line, { ms: silence.ms, isInReport: true })
  }
  return pauses
}

/** A pixel a second at first, then slower, so that hours still fit the line. */
function pauseWidth(ms: number): number {
  const seconds = ms / 1000
  return Math.round(seconds <= 90 ? Math.max(12, seconds) : Math.min(220, 90 + Math.log2(seconds / 90) * 24))
}
