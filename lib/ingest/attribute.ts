import type { FileAnalysis } from '@/lib/analysis/analysis'
import type { Facts } from '@/lib/db/facts'
import type { Claim } from '@/lib/db/queue'
import type { LineRange } from '@/lib/logs/source'
import { measuredProcesses, type ProcessSample } from '@/lib/metrics/measured'
import type { Series } from '@/lib/metrics/sample'
import type { Kill } from '@/lib/oom/report'
import type { EpochMs } from '@/lib/units'

/** What one host did according to an upload. */
export interface HostFacts extends Facts {
  samples: Series
  processes: ProcessSample[]
}

/**
 * Sorts the facts of an upload's files by host. A host that a person chose, or that the sender is bound to, stands above
 * the text; one that the sender only named stands where the text names none, or no more than one.
 *
 * @param source under which the file's lines are cited from now on (lib/analysis/upload.ts, memberSource)
 */
export function attribute(
  files: { analysis: FileAnalysis; source: string }[],
  claim: Pick<Claim, 'uploadId' | 'hints' | 'isHostFixed'>,
): Map<string, HostFacts> {
  const byHost = new Map<string, HostFacts>()
  const sources = new Map(files.map(({ analysis, source }) => [analysis.name, source]))
  for (const { analysis, source } of files) {
    const hostOf = hostRule(analysis, claim)
    const place = (printed: string | null): HostFacts => {
      const host = hostOf(printed)
      const facts = byHost.get(host) ?? { kills: [], reports: [], events: [], samples: [], processes: [] }
      byHost.set(host, facts)
      return facts
    }
    // A report that rotation has cut stands in another file too: of this upload by its name, or of another as it is cited.
    const cite = (lines: LineRange): LineRange => ({
      ...lines,
      source: lines.source === analysis.name ? source : (sources.get(lines.source) ?? lines.source),
    })
    const reportIndex = new Map<number, number>()
    for (const report of analysis.reports) {
      const { reports } = place(report.host)
      reportIndex.set(report.index, reports.length)
      reports.push({
        ...report,
        index: reports.length,
        host: hostOf(report.host),
        lines: cite(report.lines),
        continues: report.continues ? cite(report.continues) : null,
      })
    }
    for (const kill of analysis.kills) {
      const { kills } = place(kill.host)
      const placed: Kill = {
        ...kill,
        index: kills.length,
        report: kill.report === null ? null : (reportIndex.get(kill.report) ?? null),
        host: hostOf(kill.host),
        lines: cite(kill.lines),
        ...(kill.choice && { choice: cite(kill.choice) }),
        echoes: kill.echoes.map(cite),
      }
      kills.push(placed)
    }
    for (const event of analysis.events) {
      place(event.host).events.push({ ...event, host: hostOf(event.host), lines: cite(event.lines) })
    }
    for (const { host, samples, processHistory } of [analysis, ...(analysis.elsewhere ?? [])]) {
      if (samples.length > 0) {
        const placed = place(host)
        for (const sample of samples) placed.samples.push(sample)
      }
      const history = processHistory.flatMap((list) => measuredProcesses(list) ?? [])
      if (history.length > 0) place(host).processes.push(...history)
    }
  }
  return byHost
}

/** The host an upload is listed under: the one named for it, else the one with the most facts, else the text's first. */
export function mainHost(
  files: { analysis: FileAnalysis }[],
  byHost: Map<string, HostFacts>,
  claim: Pick<Claim, 'hints'>,
): string | null {
  if (claim.hints.host) return claim.hints.host
  const [most] = [...byHost].sort(([, a], [, b]) => weigh(b) - weigh(a))
  return most?.[0] ?? files.find(({ analysis }) => analysis.host !== null)?.analysis.host ?? null
}

/** First and last instant of these facts; null when none has a time. */
export function spanOfFacts(facts: HostFacts): { from: EpochMs; to: EpochMs } | null {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  const see = (at: EpochMs | null) => {
    if (at === null) return
    from = Math.min(from, at)
    to = Math.max(to, at)
  }
  for (const { stamp } of [...facts.kills, ...facts.reports, ...facts.events]) see(stamp.at)
  for (const { at } of [...facts.samples, ...facts.processes]) see(at)
  return from <= to ? { from, to } : null
}

function weigh({ kills, reports, events, samples, processes }: HostFacts): number {
  return kills.length * 1_000 + reports.length * 100 + events.length + samples.length + processes.length
}

function hostRule(
  analysis: FileAnalysis,
  { uploadId, hints, isHostFixed }: Pick<Claim, 'uploadId' | 'hints' | 'isHostFixed'>,
): (printed: string | null) => string {
  // Files without a host must never touch each other: each upload of this kind is a host of its own until it is named.
  const fallback = hints.host ?? analysis.host ?? `unknown-${uploadId.slice(0, 6)}`
  const isOneHost = isHostFixed || (hints.host !== null && analysis.hosts.length <= 1)
  return (printed) => (isOneHost ? fallback : (printed ?? fallback))
}
