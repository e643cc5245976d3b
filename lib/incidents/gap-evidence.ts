import type { GapEvidence } from '@/lib/charts/gap-reasons'
import type { Boot } from '@/lib/incidents/host'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import type { EpochMs } from '@/lib/units'

/** What the log of a host says about the time in which nothing was measured. */
export function gapEvidence(
  { kills, reports, events }: { kills: readonly Kill[]; reports: readonly OomReport[]; events: readonly LogEvent[] },
  boots: readonly Boot[] = [],
): GapEvidence {
  const ofKind = (kind: LogEvent['kind']) => events.filter((event) => event.kind === kind)
  const others = events.filter(({ kind }) => kind !== 'boot' && kind !== 'shutdown' && kind !== 'note')
  return {
    boots: [...timesOf(ofKind('boot')), ...boots.flatMap(({ startedAt }) => startedAt ?? [])],
    shutdowns: timesOf(ofKind('shutdown')),
    signs: timesOf([...kills, ...reports, ...others]),
  }
}

function timesOf(facts: readonly { stamp: { at: EpochMs | null } }[]): EpochMs[] {
  return facts.flatMap(({ stamp }) => stamp.at ?? [])
}
