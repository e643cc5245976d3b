import type { HostSummary } from '@/lib/incidents/host'
import { riskOf } from '@/lib/incidents/risk'
import type { EpochMs } from '@/lib/units'

/** A host as programs are told of it: how it stands in place of the samples that was read from. */
export function hostAnswer<Host extends HostSummary>({ recent, ...host }: Host, now: EpochMs) {
  const { state, exhaustion } = riskOf({ ...host, recent }, now)
  return { ...host, state, exhaustion }
}
