import type { HostSummary } from '@/lib/incidents/host'
import type { EpochMs } from '@/lib/units'

/** How a host stands, from its newest sample alone. */
export interface Risk {
  state: 'critical' | 'watch' | 'silent' | 'ok' | 'unknown'
  word: string
  reason: string
}

const ORDER = ['critical', 'silent', 'watch', 'ok', 'unknown'] as const
/** A host that sent samples and none for this long is silent. */
const SILENT_AFTER_MS = 5 * 60_000
/** Longer than this it does not send samples as a habit: it was a file. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000
const CRITICAL_SHARE = 0.05
const WATCH_SHARE = 0.2
/** Linux Documentation/accounting/psi.rst: some avg10, in percent. */
const WATCH_PRESSURE = 10
const CRITICAL_PRESSURE = 40

export function riskOf(host: HostSummary, now: EpochMs): Risk {
  const { latest } = host
  if (!latest || now - latest.at > FORGOTTEN_AFTER_MS) return { state: 'unknown', word: 'No samples', reason: '' }
  if (now - latest.at > SILENT_AFTER_MS) return { state: 'silent', word: 'Silent', reason: '' }
  const share = latest.memAvailable && latest.memTotal ? latest.memAvailable / latest.memTotal : null
  const pressure = latest.psiMemSomeAvg10 ?? null
  const reasons: string[] = []
  if (share !== null && share < WATCH_SHARE) reasons.push(`${Math.round(share * 100)} % available`)
  if (pressure !== null && pressure >= WATCH_PRESSURE) reasons.push(`pressure ${Math.round(pressure)} %`)
  const isCritical = (share !== null && share < CRITICAL_SHARE) || (pressure !== null && pressure >= CRITICAL_PRESSURE)
  if (isCritical) return { state: 'critical', word: 'Critical', reason: reasons.join(', ') }
  if (reasons.length > 0) return { state: 'watch', word: 'Watch', reason: reasons.join(', ') }
  return { state: 'ok', word: 'OK', reason: '' }
}

/** Worst first, then the latest kill, then by name. */
export function byRisk(hosts: readonly HostSummary[], now: EpochMs): { host: HostSummary; risk: Risk }[] {
  return hosts
    .map((host) => ({ host, risk: riskOf(host, now) }))
    .sort(
      (a, b) =>
        ORDER.indexOf(a.risk.state) - ORDER.indexOf(b.risk.state) ||
        (b.host.lastKillAt ?? 0) - (a.host.lastKillAt ?? 0) ||
        (a.host.name < b.host.name ? -1 : 1),
    )
}
