import { CircleSlash, FileText, List, Pencil, RotateCw, Triangle, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { DensityStrip } from '@/components/charts/density-strip'
import { Evidence, type LineLinks } from '@/components/incidents/evidence'
import { KillMark } from '@/components/ui/kill-mark'
import { LogText } from '@/components/ui/log-text'
import { Sentence } from '@/components/ui/sentence'
import { formatClock, formatDay } from '@/lib/charts/clock'
import type { TimelineEntry } from '@/lib/incidents/timeline'
import type { IncidentView } from '@/lib/routes'
import { formatDuration } from '@/lib/units'

export type Shown = IncidentView['show']

interface TimelineProps {
  /** As built, in order. */
  entries: readonly TimelineEntry[]
  show: Shown
  zone: string
  /** Position in `kills`. */
  selectedKill: number | null
  links: LineLinks
  hrefOf: (show: Shown) => string
}

const FILTERS: { show: Shown; name: string; holds: (entry: TimelineEntry) => boolean }[] = [
  { show: 'key', name: 'Key events', holds: (entry) => entry.isKey },
  { show: 'kills', name: 'Kills', holds: (entry) => entry.kind === 'kill' || hasKills(entry) },
  { show: 'reports', name: 'Reports', holds: (entry) => entry.kind === 'report' },
  { show: 'signs', name: 'Signs', holds: (entry) => entry.kind === 'event' && entry.severity !== 'info' },
  { show: 'notes', name: 'Notes', holds: (entry) => entry.kind === 'note' },
  { show: 'all', name: 'All activity', holds: () => true },
]

/** Everything known, in the order it happened; what a filter hides is counted. */
export function Timeline({ entries, show, zone, selectedKill, links, hrefOf }: TimelineProps) {
  const events = entries.filter((entry) => entry.kind !== 'quiet')
  const filter = FILTERS.find((each) => each.show === show)
  const shown = entries.filter((entry) => filter?.holds(entry) ?? true)
  const hidden = events.length - shown.filter((entry) => entry.kind !== 'quiet').length
  return (
    <>
      <nav className="chipbar" aria-label="Show in the timeline">
        <div className="chips">
          {FILTERS.map((each) => {
            const count = events.filter(each.holds).length
            const isOn = each.show === show
            return count > 0 || isOn ? (
              <Link
                key={each.show}
                className={`chip${isOn ? ' on' : ''}${each.show === 'all' && !isOn ? ' off' : ''}`}
                href={hrefOf(each.show)}
                scroll={false}
                aria-current={isOn ? 'true' : undefined}
              >
                {each.name} <b>{count}</b>
              </Link>
            ) : null
          })}
        </div>
      </nav>
      <div className="tlwrap">
        <ol className="tl">
          {shown.map((entry) => (
            <Row
              key={entry.id}
              entry={entry}
              zone={zone}
              isSelected={entry.kill !== null && entry.kill === selectedKill}
              links={links}
            />
          ))}
        </ol>
        <DensityStrip times={timesOf(events)} kills={timesOf(events.filter((entry) => entry.kind === 'kill'))} />
      </div>
      {shown.length === 0 && <p className="dim">Nothing of this kind is known.</p>}
      {hidden > 0 && (
        <p className="hidden-note">
          Hidden by filter: {hidden}.{' '}
          <Link href={hrefOf('all')} scroll={false}>
            Show all
          </Link>
        </p>
      )}
    </>
  )
}

interface RowProps {
  entry: TimelineEntry
  zone: string
  isSelected: boolean
  links: LineLinks
}

function Row({ entry, zone, isSelected, links }: RowProps) {
  if (entry.kind === 'quiet') {
    return (
      <li className="quiet">
        <span />
        <span />
        <span />
        <div className="what">
          <Sentence of={entry.sentence} />
        </div>
      </li>
    )
  }
  const isKill = entry.kind === 'kill' || hasKills(entry)
  return (
    <li className={`row${isKill ? ' killrow' : ''}${isSelected ? ' sel' : ''}`} id={entry.id}>
      <When entry={entry} zone={zone} />
      <span className="delta">{deltaWords(entry)}</span>
      <span className="ic">
        <EntryIcon entry={entry} isKill={isKill} />
      </span>
      <div className="what">
        <What entry={entry} zone={zone} />
      </div>
      <div className="meta">
        {isSelected && <span className="badge solid">selected</span>}
        {entry.note && <span className="badge">note</span>}
        {entry.note?.isOtherBoot && <span className="badge warn">another boot</span>}
        {entry.isAtUncertain && <span className="badge warn">time uncertain</span>}
        <Evidence ranges={entry.lines} links={links} />
      </div>
    </li>
  )
}

function When({ entry, zone }: { entry: TimelineEntry; zone: string }) {
  if (entry.at === null)
    return <span className="when">{entry.note?.isOtherBoot ? 'later boot' : (entry.atText ?? 'no time')}</span>
  const iso = new Date(entry.at).toISOString()
  return (
    <time dateTime={iso} title={`${formatDay(entry.at, zone)}${entry.atText ? `, printed as ${entry.atText}` : ''}`}>
      {entry.isAtUncertain && 'about '}
      {formatClock(entry.at, zone)}
    </time>
  )
}

function What({ entry, zone }: { entry: TimelineEntry; zone: string }) {
  const body = (
    <>
      <Sentence of={entry.sentence} />
      {entry.detail && (
        <p>
          <Sentence of={entry.detail} />
        </p>
      )}
    </>
  )
  if (entry.note) {
    return (
      <>
        <LogText text={entry.note.text} className="name notetext" />
        <p className="faint small">
          <LogText text={entry.note.author} className="name" />, written {formatDay(entry.note.createdAt, zone)}
        </p>
      </>
    )
  }
  if (entry.folded.length === 0) return body
  return (
    <details>
      <summary>
        <Sentence of={entry.sentence} />
        <span className="more">show {entry.folded.length}</span>
      </summary>
      <ol>
        {entry.folded.map((each) => (
          <li key={each.id}>
            {each.at !== null && formatClock(each.at, zone)} <Sentence of={each.sentence} />
          </li>
        ))}
      </ol>
    </details>
  )
}

function EntryIcon({ entry, isKill }: { entry: TimelineEntry; isKill: boolean }) {
  const icon = { className: 'i', 'aria-hidden': true } as const
  if (isKill) return <KillMark />
  if (entry.kind === 'report') return <FileText {...icon} />
  if (entry.kind === 'note') return <Pencil {...icon} />
  if (entry.kind === 'fold') return <List {...icon} />
  if (entry.eventKind === 'boot' || entry.eventKind === 'shutdown') return <RotateCw {...icon} />
  if (entry.severity === 'critical') return <TriangleAlert className="i i-warn" aria-hidden />
  if (entry.severity === 'sign') return <Triangle className="i i-warn" aria-hidden />
  return <CircleSlash {...icon} />
}

function deltaWords(entry: TimelineEntry): string {
  if (entry.deltaMs === null) return ''
  if (entry.deltaMs === 0) return entry.kind === 'kill' ? 'first kill' : ''
  return `${entry.deltaMs < 0 ? '−' : '+'}${formatDuration(entry.deltaMs)}`
}

function timesOf(entries: readonly TimelineEntry[]): number[] {
  return entries.flatMap((entry) => (entry.at === null || entry.isAtUncertain ? [] : [entry.at]))
}

function hasKills(entry: TimelineEntry): boolean {
  return entry.folded.some((each) => each.kind === 'kill')
}
