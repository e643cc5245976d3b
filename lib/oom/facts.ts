import { gapMs, type Moment } from '@/lib/logs/dating'
import type { OpenFilesRow, ProcessList } from '@/lib/metrics/process'
import type { Sample } from '@/lib/metrics/sample'
import type { EventKind, Kill, Killer, LogEvent, OomReport } from '@/lib/oom/report'
import type { Entry } from '@/lib/oom/source'
import type { Assumption } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

/** A kill together with what is needed to fold other lines into it. */
export interface KillRecord {
  kill: Kill
  bootKey: string
  moment: Moment
  report: OomReport | null
  /** systemd-oomd says "Marked … for killing" before "Killed …". */
  wasMarked: boolean
}

/** When something was measured: known once the log's clocks are placed; null when nothing tells. */
export type Instant = () => EpochMs | null

export interface PendingSample {
  at: Instant
  host: string | null
  /** A time that is printed without a date. */
  timeText: string | null
  fields: Omit<Sample, 'at'>
}

export interface PendingProcesses {
  at: Instant
  host: string | null
  list: Omit<ProcessList, 'at'>
}

export interface EventRecord {
  event: LogEvent
  bootKey: string
  moment: Moment
  /** When it is not the line of the event that tells. */
  at?: Instant
}

/** Signs that are printed over and over while trouble lasts: one event with a count in its `detail` says it as well. */
const REPEATING: ReadonlySet<EventKind> = new Set<EventKind>([
  'fork-failed',
  'suppressed',
  'low-memory',
  'container-oom',
  'runtime-oom',
  'eviction',
  'note',
])
const REPEATED_MS = 60_000

function eventKey(entry: Entry, kind: EventKind, message: string): string {
  return `${kind}\u0000${entry.bootKey}\u0000${entry.program}\u0000${message.slice(0, 200)}`
}

/**
 * Collects what the sources of one log tell. Order is that of reading.
 *
 * @param zone of printed dates that name none, IANA; null when it is not known
 */
export function createFacts(source: string, zone: string | null = null) {
  const reports: OomReport[] = []
  const kills: KillRecord[] = []
  const events: EventRecord[] = []
  const samples: PendingSample[] = []
  const processes: PendingProcesses[] = []
  const assumed: Assumption[] = []
  const openFiles: OpenFilesRow[] = []
  const releases = new Map<string, number>()
  const lastEvents = new Map<string, EventRecord>()

  /** The same event told again within a minute of the last time. */
  function findRepeated(entry: Entry, kind: EventKind, message: string): EventRecord | null {
    const last = lastEvents.get(eventKey(entry, kind, message))
    if (!last) return null
    const gap = gapMs(last.moment, entry.moment)
    return gap === null || Math.abs(gap) <= REPEATED_MS ? last : null
  }

  return {
    source,
    zone,
    /** What had to be assumed of dates that stand alone on a line. */
    assumed,
    reports,
    kills,
    events,
    samples,
    /** Lists pasted into the log, in its order. */
    processes,
    openFiles,
    releases,

    addKill(entry: Entry, by: Killer, known: Partial<Kill>): KillRecord {
      const kill: Kill = {
        index: kills.length,
        report: null,
        lines: { source, from: entry.from, to: entry.to },
        stamp: entry.stamp(),
        host: entry.host,
        by,
        pid: null,
        comm: null,
        uid: null,
        constraint: 'unknown',
        cgroup: null,
        limitCgroup: null,
        invoker: { comm: null, pid: null },
        gfpMask: null,
        order: null,
        totalVmKib: null,
        anonRssKib: null,
        fileRssKib: null,
        shmemRssKib: null,
        pageTablesKib: null,
        oomScoreAdj: null,
        score: null,
        reason: null,
        echoes: [],
        ...known,
      }
      const record: KillRecord = { kill, bootKey: entry.bootKey, moment: entry.moment, report: null, wasMarked: false }
      kills.push(record)
      return record
    },

    addEvent(
      entry: Entry,
      kind: EventKind,
      severity: LogEvent['severity'],
      detail: LogEvent['detail'] = {},
      message: string = entry.message,
    ): LogEvent {
      const repeated = REPEATING.has(kind) ? findRepeated(entry, kind, message) : null
      if (repeated) {
        repeated.event.detail.count = Number(repeated.event.detail.count ?? 1) + 1
        repeated.moment = entry.moment
        return repeated.event
      }
      const event: LogEvent = {
        kind,
        stamp: entry.stamp(),
        host: entry.host,
        lines: { source, from: entry.from, to: entry.to },
        message: message.trim(),
        severity,
        detail,
      }
      const record = { event, bootKey: entry.bootKey, moment: entry.moment }
      events.push(record)
      if (REPEATING.has(kind)) lastEvents.set(eventKey(entry, kind, message), record)
      return event
    },

    /** A sample taken when its line was written. */
    addSample(entry: Entry, fields: Omit<Sample, 'at'>): void {
      const stamp = entry.stamp()
      samples.push({ at: () => stamp.at, host: entry.host, timeText: stamp.text, fields })
    },

    addMeasured(host: string | null, at: Instant, timeText: string | null, fields: Omit<Sample, 'at'>): void {
      samples.push({ at, host, timeText, fields })
    },

    addProcesses(host: string | null, at: Instant, list: Omit<ProcessList, 'at'>): void {
      processes.push({ at, host, list })
    },

    /** What a tool printed, as an event of its own instant, which may differ from that of its lines. */
    addSnapshot(entry: Entry, at: Instant, timeText: string | null, detail: LogEvent['detail']): void {
      const event: LogEvent = {
        kind: 'snapshot',
        stamp: { text: timeText, at: null, uptimeSeconds: null },
        host: entry.host,
        lines: { source, from: entry.from, to: entry.to },
        message: entry.message.trim(),
        severity: 'info',
        detail,
      }
      events.push({ event, bootKey: entry.bootKey, moment: { wallMs: null, uptimeMs: null }, at })
    },

    assume(made: readonly Assumption[]): void {
      for (const assumption of made) if (!assumed.some(({ what }) => what === assumption.what)) assumed.push(assumption)
    },

    /** The clocks of the log are placed: what has an instant of its own is timed, or timed anew. */
    place(): void {
      for (const { event, at } of events) if (at) event.stamp.at = at()
    },

    /** Puts reports and kills in the order of their lines and lets them refer to each other by index. */
    finish(): void {
      reports.sort((a, b) => a.lines.from - b.lines.from)
      reports.forEach((report, index) => {
        report.index = index
      })
      kills.sort((a, b) => a.kill.lines.from - b.kill.lines.from)
      kills.forEach((record, index) => {
        record.kill.index = index
        record.kill.report = record.report?.index ?? null
      })
      events.sort((a, b) => a.event.lines.from - b.event.lines.from)
    },

    addRelease(release: string): void {
      releases.set(release, (releases.get(release) ?? 0) + 1)
    },
  }
}

export type Facts = ReturnType<typeof createFacts>
