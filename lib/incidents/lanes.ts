import type { Lane, LaneKind } from '@/lib/charts/chart-model'
import type { Mark } from '@/lib/charts/marks'
import type { TimeRange } from '@/lib/charts/time-scale'
import { shortCgroup } from '@/lib/incidents/cgroup-path'
import type { Finding, IncidentFacts, Moment, Note } from '@/lib/incidents/incident'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import { sayMessage } from '@/lib/text/say'
import { visibleText } from '@/lib/text/visible'
import { formatDuration } from '@/lib/units'

const REBOOTS: ReadonlySet<LogEvent['kind']> = new Set(['boot', 'shutdown'])
/** Told by the kills and reports themselves. */
const NOT_SIGNS: ReadonlySet<LogEvent['kind']> = new Set(['oom-reaper', 'snapshot', 'note', 'obsolete-advice'])
const LONGEST_LABEL = 26

/**
 * What the lane strip above the charts shows; lanes without marks are left out, but that of the kills. The signs are
 * those of the log and, where findings are given, those that samples show.
 */
export function incidentLanes(
  facts: IncidentFacts & { findings?: readonly Finding[] },
  notes: readonly Note[],
  selectedKill: number | null,
): Lane[] {
  const moments = (facts.findings ?? []).flatMap((finding) => finding.moments ?? [])
  const events = facts.events.filter((event) => !NOT_SIGNS.has(event.kind))
  const lanes: Lane[] = [
    lane('kills', 'Kills', killMarks(facts.kills, selectedKill)),
    lane('reports', 'Reports', facts.reports.flatMap(reportMark)),
    lane('signs', 'Signs', [
      ...events.filter((event) => !REBOOTS.has(event.kind) && event.severity !== 'info').flatMap(eventMark),
      ...moments.filter(({ severity }) => severity !== 'info').map(momentMark),
    ]),
    lane('reboots', 'Reboots', events.filter((event) => REBOOTS.has(event.kind)).flatMap(eventMark)),
    lane('notes', 'Notes', notes.filter((note) => !note.isOtherBoot).flatMap(noteMark)),
  ]
  return lanes.filter((each) => each.kind === 'kills' || each.marks.length > 0)
}

/** Kills as marks, ascending; those without a time are left out. `id` is the position in `kills`. */
export function killMarks(kills: readonly Kill[], selectedKill: number | null): Mark[] {
  return ascending(
    kills.flatMap((kill, index) =>
      kill.stamp.at === null
        ? []
        : [
            {
              id: String(index),
              at: kill.stamp.at,
              name: shortened(kill.comm ?? (kill.cgroup === null ? 'unnamed' : shortCgroup(kill.cgroup))),
              detail: kill.pid === null ? '' : String(kill.pid),
              isSelected: index === selectedKill,
            },
          ],
    ),
  )
}

/** Spans in which reports were written, for the ruler; a report without both times is left out. */
export function reportSpans(reports: readonly OomReport[]): TimeRange[] {
  return reports.flatMap(({ stamp, endStamp }) =>
    stamp.at !== null && endStamp.at !== null && endStamp.at >= stamp.at ? [{ from: stamp.at, to: endStamp.at }] : [],
  )
}

function lane(kind: LaneKind, label: string, marks: Mark[]): Lane {
  return { kind, label, marks: ascending(marks) }
}

function reportMark(report: OomReport): Mark[] {
  const { at } = report.stamp
  if (at === null) return []
  const count = report.lines.to - report.lines.from + 1
  const took = report.endStamp.at === null ? 0 : report.endStamp.at - at
  const detail = `${count} lines${took >= 2_000 ? ` over ${formatDuration(took)}` : ''}`
  return [{ id: `report-${report.index}`, at, name: '', detail, isSelected: false }]
}

function eventMark(event: LogEvent, index: number): Mark[] {
  if (event.stamp.at === null) return []
  const detail = event.kind.replaceAll('-', ' ')
  return [{ id: `event-${index}`, at: event.stamp.at, name: '', detail, isSelected: false }]
}

function momentMark({ at, label }: Moment): Mark {
  return { id: `samples-${at}`, at, name: '', detail: shortened(sayMessage(label)), isSelected: false }
}

function noteMark(note: Note): Mark[] {
  return note.at === null
    ? []
    : [{ id: note.id, at: note.at, name: '', detail: shortened(note.text), isSelected: false }]
}

function ascending(marks: Mark[]): Mark[] {
  return marks.sort((a, b) => a.at - b.at)
}

function shortened(text: string): string {
  const line = visibleText(text.replace(/\s+/g, ' ').trim())
  return line.length > LONGEST_LABEL ? `${line.slice(0, LONGEST_LABEL - 1)}…` : line
}
