import type { BootMark, MetricsReading } from '@/lib/metrics/formats/reading'
import { findImplausible, findImplausibleProcess, isPlausibleInstant, type SampleFields } from '@/lib/metrics/plausible'
import {
  type CgroupMemory,
  largestMoment,
  type OpenFilesRow,
  type ProcessList,
  type ProcessRow,
} from '@/lib/metrics/process'
import type { Sample, UndatedSample } from '@/lib/metrics/sample'
import type { Assumption, SourceHints, Warning } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

/** When a row was taken, as far as its file tells. */
export interface RowTime {
  at: EpochMs | null
  /** Rows with the same key are one instant; needed only when `at` is null. */
  key?: string
  timeText?: string | null
}

/** A reading under construction: collects rows, refuses impossible ones with their line, and joins rows of one instant. */
export interface Draft {
  /** False when the row belongs to another host than the file's first one; it is then refused. */
  claimHost(host: string, line: number): boolean
  setKernel(kernel: string): void
  /** Adds the fields of one row; false when it was refused. */
  addSample(line: number, time: RowTime, fields: SampleFields): boolean
  addProcess(line: number, time: RowTime, row: ProcessRow): void
  addOpenFiles(row: OpenFilesRow): void
  setCgroup(cgroup: CgroupMemory): void
  addBoot(boot: BootMark): void
  assume(assumption: Assumption): void
  warn(line: number, code: string, detail: string): void
  /** Counts a line as understood. */
  recognise(line: number): void
  finish(kind: MetricsReading['kind'] | 'by-count'): MetricsReading
}

const WARNINGS_PER_CODE = 20

export function createDraft(format: string, lines: number, hints: SourceHints): Draft {
  const hosts = new Map<string, number>()
  const assumed = new Map<string, Assumption>()
  const warnings: Warning[] = []
  const warningCounts = new Map<string, number>()
  const recognised = new Set<number>()
  const dated = new Map<EpochMs, { line: number; fields: SampleFields }>()
  const undated = new Map<string, { line: number; timeText: string | null; fields: SampleFields }>()
  const processes = new Map<string, ProcessList>()
  const linesOfLists = new Map<ProcessList, { to: number; largest: number; rssKib: number }>()
  const pids = new Set<string>()
  const openFiles: OpenFilesRow[] = []
  const boots: BootMark[] = []
  let kernel: string | null = null
  let cgroup: CgroupMemory | null = null

  function warn(line: number, code: string, detail: string): void {
    const count = (warningCounts.get(code) ?? 0) + 1
    warningCounts.set(code, count)
    if (count <= WARNINGS_PER_CODE) warnings.push({ line, code, detail })
  }

  /** Where the row belongs, or null (and a warning) when its instant is impossible. */
  function placeOf(line: number, time: RowTime): EpochMs | string | null {
    if (time.at === null) return time.key ?? time.timeText ?? 'only'
    if (isPlausibleInstant(time.at)) return time.at
    warn(line, 'impossible-time', `Refused: the row says ${describeInstant(time.at)}.`)
    return null
  }

  function addSample(line: number, time: RowTime, fields: SampleFields): boolean {
    const wrong = findImplausible(fields)
    if (wrong) {
      warn(line, 'impossible-value', `Refused: ${wrong.field}: ${wrong.detail}`)
      return false
    }
    const place = placeOf(line, time)
    if (place === null) return false
    recognised.add(line)
    const known = typeof place === 'number' ? dated.get(place) : undated.get(place)
    if (known) {
      // What was printed first stands: the second is a repeated line or a coarser column of another table.
      known.fields = { ...fields, ...withoutNulls(known.fields) }
    } else if (typeof place === 'number') dated.set(place, { line, fields })
    else undated.set(place, { line, timeText: time.timeText ?? null, fields })
    return true
  }

  function addProcess(line: number, time: RowTime, row: ProcessRow): void {
    const wrong = findImplausibleProcess(row)
    if (wrong) {
      warn(line, 'impossible-value', `Refused: ${wrong}`)
      return
    }
    const place = placeOf(line, time)
    if (place === null) return
    recognised.add(line)
    // The same process twice at one instant is a repeated listing.
    const identity = `${place} ${row.pid}`
    if (pids.has(identity)) return
    pids.add(identity)
    const list = processes.get(String(place)) ?? { at: time.at, line, rows: [] }
    processes.set(String(place), list)
    list.rows.push(row)
    const { largest, rssKib } = linesOfLists.get(list) ?? { largest: line, rssKib: -1 }
    const isLargest = (row.rssKib ?? -1) > rssKib
    linesOfLists.set(list, {
      to: line,
      largest: isLargest ? line : largest,
      rssKib: isLargest ? (row.rssKib ?? -1) : rssKib,
    })
  }

  /** A single instant without a time was taken when the file was written, or sent. */
  function placeSnapshot(): EpochMs | null {
    const instants = Math.max(undated.size, processes.size)
    const at = hints.modifiedAt ?? hints.receivedAt
    const isOne = instants === 1 || (instants === 0 && (openFiles.length > 0 || cgroup !== null))
    const isBare = dated.size === 0 && isOne && [...undated.values()].every((row) => row.timeText === null)
    if (!isBare || at === null || [...processes.values()].some((list) => list.at !== null)) return null
    assumed.set('clock', {
      what: 'clock',
      value: new Date(at).toISOString(),
      why:
        hints.modifiedAt === null
          ? 'no time in the text: when it arrived'
          : 'no time in the text: when the file was written',
      isEvidenced: false,
    })
    return at
  }

  function finish(kind: MetricsReading['kind'] | 'by-count'): MetricsReading {
    const snapshotAt = placeSnapshot()
    const samples: Sample[] = []
    const left: UndatedSample[] = []
    for (const [at, row] of dated) if (isWhole(row)) samples.push({ at, ...row.fields })
    for (const row of undated.values()) {
      if (!isWhole(row)) continue
      if (snapshotAt === null) left.push({ timeText: row.timeText, ...row.fields })
      else samples.push({ at: snapshotAt, ...row.fields })
    }
    samples.sort((a, b) => a.at - b.at)
    const moment = largestMoment([...processes.values()])
    const momentLines = moment && linesOfLists.get(moment)
    const lists = [...processes.values()].map((list) => ({ ...list, at: list.at ?? snapshotAt }))
    const instants = [...samples, ...lists].map(({ at }) => at).filter((at) => at !== null)
    for (const [code, count] of warningCounts)
      if (count > WARNINGS_PER_CODE)
        warnings.push({ line: 0, code, detail: `${count - WARNINGS_PER_CODE} more lines of this kind.` })
    const ranked = [...hosts].map(([host, rows]) => ({ host, lines: rows }))
    return {
      format,
      kind:
        kind === 'by-count' ? (samples.length + left.length > 1 || lists.length > 1 ? 'samples' : 'snapshot') : kind,
      host: ranked[0]?.host ?? hints.host,
      hosts: ranked,
      kernel,
      samples,
      undated: left,
      processes: lists,
      peak:
        moment && momentLines
          ? { at: moment.at ?? snapshotAt, from: moment.line, to: momentLines.to, line: momentLines.largest }
          : null,
      openFiles: openFiles.sort((a, b) => b.files - a.files),
      cgroup,
      boots: boots.sort((a, b) => a.at - b.at),
      snapshotAt,
      from: instants.length === 0 ? null : instants.reduce((a, b) => Math.min(a, b)),
      to: instants.length === 0 ? null : instants.reduce((a, b) => Math.max(a, b)),
      assumed: [...assumed.values()],
      warnings: warnings.sort((a, b) => a.line - b.line),
      lines,
      recognisedLines: recognised.size,
    }
  }

  /** Rows of several tables make one sample, so a part may be above its whole only once they are joined. */
  function isWhole(row: { line: number; fields: SampleFields }): boolean {
    const wrong = findImplausible(row.fields)
    if (wrong) warn(row.line, 'impossible-value', `Refused: ${wrong.field}: ${wrong.detail}`)
    return wrong === null
  }

  return {
    claimHost(host, line) {
      const first = hosts.keys().next().value
      hosts.set(host, (hosts.get(host) ?? 0) + 1)
      if (first === undefined || first === host) return true
      warn(
        line,
        'second-host',
        `Refused: this row is of ${host}, the file began with ${first}. Send each host's part as a file of its own.`,
      )
      return false
    },
    setKernel(release) {
      kernel ??= release
    },
    addSample,
    addProcess,
    addOpenFiles: (row) => openFiles.push(row),
    setCgroup(found) {
      cgroup = found
    },
    addBoot(boot) {
      recognised.add(boot.line)
      // Every table of one sar report prints the same restarts.
      if (!boots.some((known) => known.at === boot.at)) boots.push(boot)
    },
    assume(assumption) {
      if (!assumed.has(assumption.what)) assumed.set(assumption.what, assumption)
    },
    warn,
    recognise: (line) => recognised.add(line),
    finish,
  }
}

function withoutNulls(fields: SampleFields): SampleFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))
}

function describeInstant(at: EpochMs): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? 'no possible time' : date.toISOString()
}
