import type { Gap } from '@/lib/charts/series'
import type { EpochMs } from '@/lib/units'

/**
 * Why nothing was measured: the host was rebooted, was down for a while, or ran while its agent did not send; or the
 * time has not come yet.
 */
export type GapReason = 'rebooted' | 'host-down' | 'agent-silent' | 'not-yet'

/** What is known of a host besides its samples. Instants ascending or not. */
export interface GapEvidence {
  /** When it began to run, and when it was told to stop. */
  boots: readonly EpochMs[]
  shutdowns: readonly EpochMs[]
  /** Anything else that shows it running. */
  signs: readonly EpochMs[]
}

export const NO_EVIDENCE: GapEvidence = { boots: [], shutdowns: [], signs: [] }

/** A stop and a start further apart are told as time that the host was down. */
const REBOOT_MS = 10 * 60_000

/** The reason for a gap as far as something tells it; null when nothing does. */
export function reasonOf(gap: Gap, { boots, shutdowns, signs }: GapEvidence): GapReason | null {
  const within = (at: EpochMs) => at > gap.from && at < gap.to
  const boot = boots.filter(within).sort((a, b) => a - b)[0]
  const shutdown = shutdowns.filter(within).sort((a, b) => a - b)[0]
  if (boot !== undefined) {
    const downSince = shutdown !== undefined && shutdown < boot ? shutdown : null
    return downSince !== null && boot - downSince > REBOOT_MS ? 'host-down' : 'rebooted'
  }
  if (shutdown !== undefined) return 'host-down'
  // Before the first sample there may have been no agent.
  return gap.edge !== 'start' && signs.some(within) ? 'agent-silent' : null
}
