import type { Kill } from '@/lib/oom/report'
import type { EpochMs } from '@/lib/units'

/** Kills in quick succession. Bounds are null when the log gives no time. */
export interface Burst {
  from: EpochMs | null
  to: EpochMs | null
  kills: Kill[]
}

/** A longer pause between two kills starts another burst. */
const PAUSE_MS = 5 * 60_000

/** @param kills in order of time; kills without a time stay with the one before them */
export function findBursts(kills: Kill[]): Burst[] {
  const bursts: Burst[] = []
  for (const kill of kills) {
    const burst = bursts.at(-1)
    const at = momentOf(kill)
    const last = burst ? momentOf(burst.kills.at(-1)) : null
    if (burst && (at === null || last === null || at - last <= PAUSE_MS)) {
      burst.kills.push(kill)
      burst.to = kill.stamp.at ?? burst.to
    } else bursts.push({ from: kill.stamp.at, to: kill.stamp.at, kills: [kill] })
  }
  return bursts
}

/** Time, or uptime where only that is known: within one incident the two are not mixed. */
function momentOf(kill: Kill | undefined): number | null {
  if (!kill) return null
  if (kill.stamp.at !== null) return kill.stamp.at
  return kill.stamp.uptimeSeconds === null ? null : kill.stamp.uptimeSeconds * 1000
}
