import { shortCgroup } from '@/lib/incidents/cgroup-path'
import type { Moment, Note } from '@/lib/incidents/incident'
import type { Row, TimelineEntry } from '@/lib/incidents/timeline'
import type { LineRange, Stamp } from '@/lib/logs/source'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import { message } from '@/lib/text/catalogue'
import { KILLER_NAMES } from '@/lib/text/killers'
import type { Message } from '@/lib/text/message'
import { formatDuration } from '@/lib/units'

const EMPTY = {
  eventKind: null,
  isAtUncertain: false,
  deltaMs: null,
  detail: null,
  isKey: true,
  kill: null,
  burst: null,
  folded: [],
  note: null,
} satisfies Partial<TimelineEntry>

export function reportRow(report: OomReport, foldKey: string | null): Row {
  const { lines, stamp, endStamp } = report
  const ms = stamp.at !== null && endStamp.at !== null ? endStamp.at - stamp.at : null
  const took = ms !== null && ms >= 1000 ? ms : null
  const params = { lines: lines.to - lines.from + 1, took }
  const silences = report.silences.length === 0 ? null : report.silences.map(({ ms }) => formatDuration(ms)).join(', ')
  const { gfpMask, invoker } = report
  const isBare = gfpMask === null && invoker.comm === null && silences === null
  const entry: TimelineEntry = {
    ...EMPTY,
    id: idOf('report', lines),
    kind: 'report',
    severity: 'critical',
    at: stamp.at,
    until: endStamp.at ?? stamp.at,
    atText: stamp.text,
    sentence:
      report.trigger === 'allocation-failure'
        ? message('timeline.report-failed', params)
        : message('timeline.report', params),
    detail: isBare ? null : message('timeline.report.detail', { invoker: invoker.comm, mask: gfpMask, silences }),
    lines: [lines],
  }
  return rowOf(entry, lines, stamp, foldKey)
}

export function killRow(
  kill: Kill,
  report: OomReport | null,
  place: { position: number; burst: number; foldKey: string; isReportExpected: boolean },
): Row {
  const name = kill.comm ?? (kill.cgroup === null ? 'A process' : shortCgroup(kill.cgroup))
  const victim = kill.pid === null ? name : `${name} ${kill.pid}`
  const sentence = message('timeline.kill', { victim, killer: KILLER_NAMES[kill.by] })
  const entry: TimelineEntry = {
    ...EMPTY,
    id: idOf('kill', kill.lines),
    kind: 'kill',
    severity: 'critical',
    at: kill.stamp.at,
    until: kill.stamp.at,
    atText: kill.stamp.text,
    // The bare name goes along for the sentence of a fold.
    sentence: { ...sentence, params: { ...sentence.params, comm: name } },
    detail: detailOf(kill, report, place.isReportExpected),
    lines: [kill.lines, ...kill.echoes],
    kill: place.position,
    burst: place.burst,
  }
  return rowOf(entry, kill.lines, kill.stamp, place.foldKey)
}

function detailOf(kill: Kill, report: OomReport | null, isReportExpected: boolean): Message | null {
  if (kill.reason !== null) return message('timeline.kill.reason', { reason: kill.reason })
  const cgroup = kill.limitCgroup === null ? null : shortCgroup(kill.limitCgroup)
  if (kill.anonRssKib !== null) {
    const rss = kill.anonRssKib + (kill.fileRssKib ?? 0) + (kill.shmemRssKib ?? 0)
    const adj = kill.oomScoreAdj === 0 ? null : kill.oomScoreAdj
    return message('timeline.kill.size', { rss, adj, cgroup })
  }
  if (kill.by === 'kernel' && report === null && isReportExpected) return message('timeline.kill.no-report', {})
  if (cgroup !== null) return message('timeline.kill.limit', { cgroup })
  return kill.by === 'kernel' ? message('timeline.kill.no-size', {}) : null
}

export function eventRow(event: LogEvent): Row {
  const { kind, lines, stamp, severity } = event
  const entry: TimelineEntry = {
    ...EMPTY,
    id: idOf(kind, lines),
    kind: 'event',
    eventKind: kind,
    severity,
    at: stamp.at,
    until: stamp.at,
    atText: stamp.text,
    sentence: message(`timeline.event.${kind}`, {}),
    detail: snapshotDetail(event) ?? message('timeline.quote', { text: event.message }),
    lines: [lines],
    isKey: severity !== 'info' || kind === 'boot' || kind === 'shutdown' || kind === 'obsolete-advice',
  }
  return rowOf(entry, lines, stamp, `event ${kind} ${event.message.replace(/\d+/g, 'N')}`)
}

/** What a process list, open files or a control group told; null for other events and for snapshots that say nothing. */
function snapshotDetail({ kind, detail }: LogEvent): Message | null {
  if (kind !== 'snapshot') return null
  const { processes = null, files = null, programs, families, holders, amounts } = detail
  const told = programs ?? families ?? holders ?? amounts ?? null
  if (told === null) return null
  return processes === null
    ? message('timeline.quote', { text: told })
    : message('timeline.snapshot', { processes, files, told })
}

/** What the samples show and no line tells. */
export function momentRow(moment: Moment): Row {
  const { at, severity, sentence, detail } = moment
  const entry: TimelineEntry = {
    ...EMPTY,
    id: `samples-${at}`,
    kind: 'event',
    severity,
    at,
    until: at,
    atText: null,
    sentence,
    detail,
    lines: [],
  }
  return { entry, foldKey: null, source: ' samples', line: 0, at, until: at, uptimeSeconds: null, track: 'time' }
}

export function noteRow(note: Note): Row {
  const entry: TimelineEntry = {
    ...EMPTY,
    id: `note-${slug(note.id)}`,
    kind: 'note',
    severity: 'info',
    at: note.at,
    until: note.at,
    atText: null,
    isAtUncertain: note.isAtUncertain,
    sentence: message('timeline.note', { text: note.text }),
    lines: [],
    note,
  }
  const { at } = note
  // After what the log says of the same instant.
  const place = { source: `~${note.id}`, line: 0, at, until: at, uptimeSeconds: null, track: 'time' }
  return { entry, foldKey: null, ...place }
}

function rowOf(entry: TimelineEntry, lines: LineRange, stamp: Stamp, foldKey: string | null): Row {
  return {
    entry,
    foldKey,
    source: lines.source,
    line: lines.from,
    at: stamp.at,
    until: entry.until,
    uptimeSeconds: stamp.uptimeSeconds,
    track: '',
  }
}

function idOf(kind: string, lines: LineRange): string {
  return `${kind}-${slug(lines.source)}-${lines.from}`
}

function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, '-')
}
