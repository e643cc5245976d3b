import type { FileAnalysis } from '@/lib/analysis/analysis'
import { type ExplainedIncident, explainFile } from '@/lib/analysis/explain-file'
import type { Explanation } from '@/lib/incidents/incident'
import { SAMPLE_FIELDS, type Sample } from '@/lib/metrics/sample'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import { sayMessage, sayTitle } from '@/lib/text/say'
import type { EpochMs } from '@/lib/units'

/** `oomscope.analysis/1`: the public, versioned answer of `analyze --json`. Members may be added, never renamed. */
export function toAnalysisJson(files: readonly FileAnalysis[]): Record<string, unknown> {
  return { format: 'oomscope.analysis/1', files: files.map(fileJson) }
}

function fileJson(file: FileAnalysis): Record<string, unknown> {
  const incidents = explainFile(file)
  return {
    name: file.name,
    kind: file.kind,
    envelope: file.envelope,
    lines: file.account.lines,
    account: file.account,
    host: file.host,
    hosts: file.hosts,
    kernel: file.kernel,
    from: isoTime(file.from),
    to: isoTime(file.to),
    assumed: file.assumed,
    reports: file.reports.map((report) => reportJson(report, file.kills)),
    kills: file.kills.map(killJson),
    events: file.events.map(eventJson),
    samples: samplesJson(file),
    processes: processesJson(file),
    openFiles: file.openFiles.slice(0, SHOWN_ROWS),
    cgroup: file.cgroup,
    incidents: incidents.map(incidentJson),
    findings: incidents.flatMap(({ explanation }) =>
      explanation.findings.map((finding) => findingJson(finding, file.name)),
    ),
    joined: file.joined,
    shapes: file.shapes,
    warnings: file.warnings,
  }
}

const SHOWN_ROWS = 20

function reportJson(report: OomReport, kills: readonly Kill[]): Record<string, unknown> {
  return {
    line: report.lines.from,
    endLine: report.lines.to,
    file: report.lines.source,
    continues: report.continues
      ? { file: report.continues.source, line: report.continues.from, endLine: report.continues.to }
      : null,
    at: isoTime(report.stamp.at),
    atText: report.stamp.text,
    endAt: isoTime(report.endStamp.at),
    trigger: report.trigger,
    invoker: report.invoker,
    gfpMask: report.gfpMask,
    gfpFlags: report.gfpFlags,
    order: report.order,
    constraint: report.constraint,
    kernel: report.kernel,
    pageSizeBytes: report.pageSizeBytes,
    memory: report.memory,
    memcg: report.memcg,
    tasks: report.tasks?.length ?? null,
    isManual: report.isManual,
    isPanic: report.isPanic,
    silences: report.silences,
    kills: kills.filter((kill) => kill.report === report.index).map((kill) => kill.index),
  }
}

function killJson(kill: Kill): Record<string, unknown> {
  return {
    line: kill.lines.to,
    at: isoTime(kill.stamp.at),
    atText: kill.stamp.text,
    report: kill.report,
    by: kill.by,
    host: kill.host,
    pid: kill.pid,
    comm: kill.comm,
    uid: kill.uid,
    constraint: kill.constraint,
    cgroup: kill.cgroup,
    limitCgroup: kill.limitCgroup,
    invoker: kill.invoker,
    gfpMask: kill.gfpMask,
    order: kill.order,
    totalVmKib: kill.totalVmKib,
    anonRssKib: kill.anonRssKib,
    fileRssKib: kill.fileRssKib,
    shmemRssKib: kill.shmemRssKib,
    pageTablesKib: kill.pageTablesKib,
    oomScoreAdj: kill.oomScoreAdj,
    score: kill.score,
    reason: kill.reason,
    readAt: kill.readAt ?? {},
    echoes: kill.echoes.map(({ from, to }) => ({ line: from, endLine: to })),
  }
}

function eventJson(event: LogEvent): Record<string, unknown> {
  return {
    kind: event.kind,
    line: event.lines.from,
    endLine: event.lines.to,
    at: isoTime(event.stamp.at),
    atText: event.stamp.text,
    host: event.host,
    severity: event.severity,
    message: event.message,
    detail: event.detail,
  }
}

function samplesJson(file: FileAnalysis): Record<string, unknown> {
  const rows: readonly Partial<Sample>[] = [...file.samples, ...file.undated]
  const fields = SAMPLE_FIELDS.filter((field) => rows.some((row) => row[field] != null))
  return {
    count: rows.length,
    from: isoTime(file.samples[0]?.at ?? null),
    to: isoTime(file.samples.at(-1)?.at ?? null),
    fields,
    first: rows[0] ? sampleJson(rows[0]) : null,
    last: rows.length > 0 ? sampleJson(rows.at(-1) ?? {}) : null,
  }
}

function sampleJson(sample: Partial<Sample>): Record<string, unknown> {
  const values = SAMPLE_FIELDS.filter((field) => sample[field] != null).map((field) => [field, sample[field]])
  return { at: isoTime(sample.at ?? null), ...Object.fromEntries(values) }
}

function processesJson(file: FileAnalysis): Record<string, unknown> {
  const rows = file.processes?.rows ?? []
  const top = [...rows].sort((a, b) => (b.rssKib ?? -1) - (a.rssKib ?? -1)).slice(0, SHOWN_ROWS)
  return {
    count: rows.length,
    at: isoTime(file.processes?.at ?? null),
    top: top.map(({ pid, comm, user, rssKib, swapKib }) => ({ pid, comm, user, rssKib, swapKib })),
  }
}

function incidentJson({ facts, explanation }: ExplainedIncident): Record<string, unknown> {
  const { hog } = explanation
  return {
    kills: facts.kills.map((kill) => kill.index),
    from: isoTime(facts.from),
    to: isoTime(facts.to),
    title: sayTitle(explanation.title),
    class: explanation.class,
    confidence: explanation.confidence,
    pattern: explanation.pattern,
    hog: hog && { comm: hog.comm, processes: hog.processes, rssKib: hog.rssKib, share: hog.share, grade: hog.grade },
    fingerprint: explanation.fingerprint,
  }
}

function findingJson(finding: Explanation['findings'][number], name: string): Record<string, unknown> {
  const own = finding.evidence.filter(({ source }) => source === name)
  const elsewhere = finding.evidence.filter(({ source }) => source !== name)
  const lines = own.flatMap(({ from, to }) => (from === to ? [from] : [from, to]))
  return {
    code: finding.code,
    lines: [...new Set(lines)],
    // In the file before, where a report begins that rotation has cut.
    elsewhere: elsewhere.map(({ source, from, to }) => ({ file: source, line: from, endLine: to })),
    text: sayMessage(finding.headline),
    detail: finding.detail && sayMessage(finding.detail),
    confidence: finding.confidence,
  }
}

function isoTime(at: EpochMs | null): string | null {
  if (at === null) return null
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z')
}
