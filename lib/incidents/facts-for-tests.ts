import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import type { EpochMs } from '@/lib/units'

const NOON = Date.UTC(2026, 2, 2, 12, 0, 0)

/** Noon of 2 March 2026 plus minutes. */
export function minutes(after: number): EpochMs {
  return NOON + after * 60_000
}

const SOURCE = 'test.log'
const UNTIMED = { text: null, at: null, uptimeSeconds: null }

/** A kernel kill of the whole machine on line 1; `at` fills the stamp. */
export function aKill(known: Partial<Kill> & { at?: EpochMs; line?: number } = {}): Kill {
  const { at, line = 1, ...rest } = known
  return {
    index: 0,
    report: null,
    lines: { source: SOURCE, from: line, to: line },
    stamp: at === undefined ? UNTIMED : { text: new Date(at).toISOString(), at, uptimeSeconds: null },
    host: 'db1',
    by: 'kernel',
    pid: 100,
    comm: 'app',
    uid: null,
    constraint: 'none',
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
    ...rest,
  }
}

/** A report without figures on lines 1 to 10. */
export function aReport(known: Partial<OomReport> & { at?: EpochMs; line?: number } = {}): OomReport {
  const { at, line = 1, ...rest } = known
  const stamp = at === undefined ? UNTIMED : { text: new Date(at).toISOString(), at, uptimeSeconds: null }
  return {
    trigger: 'oom',
    index: 0,
    lines: { source: SOURCE, from: line, to: line + 9 },
    stamp,
    endStamp: stamp,
    host: 'db1',
    invoker: { comm: null, pid: null },
    gfpMask: null,
    gfpFlags: null,
    order: null,
    constraint: 'none',
    kernel: null,
    pageSizeBytes: 4096,
    memory: null,
    memcg: null,
    tasks: null,
    slabs: [],
    isManual: false,
    isPanic: false,
    silences: [],
    isCutAtStart: false,
    isCutAtEnd: false,
    ...rest,
  }
}

export function anEvent(known: Partial<LogEvent> & { kind: LogEvent['kind']; at?: EpochMs; line?: number }): LogEvent {
  const { at, line = 1, ...rest } = known
  return {
    stamp: at === undefined ? UNTIMED : { text: new Date(at).toISOString(), at, uptimeSeconds: null },
    host: 'db1',
    lines: { source: SOURCE, from: line, to: line },
    message: 'something happened',
    severity: 'info',
    detail: {},
    ...rest,
  }
}
