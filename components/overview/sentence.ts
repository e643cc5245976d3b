import { formatAgo } from '@/lib/charts/clock'
import type { HostSummary } from '@/lib/incidents/host'
import type { IncidentSummary } from '@/lib/incidents/incident'
import { byRisk } from '@/lib/incidents/risk'
import type { EpochMs } from '@/lib/units'

/** The fleet in one sentence: how many hosts need attention, and when a process was last killed. */
export function overviewSentence(
  hosts: readonly HostSummary[],
  latest: readonly IncidentSummary[],
  now: EpochMs,
): string {
  const troubled = byRisk(hosts, now).filter(
    ({ risk }) => risk.state === 'critical' || risk.state === 'watch' || risk.state === 'silent',
  )
  const attention =
    troubled.length === 0
      ? 'No host needs attention now.'
      : `${troubled.length} ${troubled.length === 1 ? 'host needs' : 'hosts need'} attention.`
  const lastKill = hosts.reduce<EpochMs | null>((last, host) => later(last, host.lastKillAt), null)
  const kill = lastKill === null ? 'No kill is known.' : `The last known kill was ${formatAgo(lastKill, now)}.`
  return latest.length === 0 && lastKill === null ? attention : `${attention} ${kill}`
}

function later(a: EpochMs | null, b: EpochMs | null): EpochMs | null {
  if (a === null) return b
  return b === null ? a : Math.max(a, b)
}
