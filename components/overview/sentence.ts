import { formatAgo } from '@/lib/charts/clock'
import type { HostSummary } from '@/lib/incidents/host'
import type { IncidentSummary } from '@/lib/incidents/incident'
import { byRisk, exhaustionWords, needsAttention } from '@/lib/incidents/risk'
import type { EpochMs } from '@/lib/units'

/** The fleet in one sentence: how many hosts need attention, and when a process was last killed. Samples do not count. */
export function overviewSentence(
  known: readonly HostSummary[],
  latest: readonly IncidentSummary[],
  now: EpochMs,
): string {
  const hosts = known.filter((host) => !host.isSample)
  if (hosts.length === 0) return 'Only sample incidents are here so far.'
  const troubled = byRisk(hosts, now).filter(({ risk }) => needsAttention(risk))
  const count = troubled.length
  const soonest = troubled.find(({ risk }) => risk.exhaustion !== null)
  const forecast = soonest?.risk.exhaustion ? ` ${soonest.host.name} ${exhaustionWords(soonest.risk.exhaustion)}.` : ''
  const attention =
    count === 0
      ? 'No host needs attention now.'
      : `${count} ${count === 1 ? 'host needs' : 'hosts need'} attention.${forecast}`
  const lastKill = hosts.reduce<EpochMs | null>((last, host) => later(last, host.lastKillAt), null)
  const kill = lastKill === null ? 'No kill is known.' : `The last known kill was ${formatAgo(lastKill, now)}.`
  return latest.length === 0 && lastKill === null ? attention : `${attention} ${kill}`
}

function later(a: EpochMs | null, b: EpochMs | null): EpochMs | null {
  if (a === null) return b
  return b === null ? a : Math.max(a, b)
}
