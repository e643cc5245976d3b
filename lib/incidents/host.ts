import type { Sample, Series } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

export interface HostSummary {
  id: string
  name: string
  /** Newest sample; null when the host never sent one. */
  latest: Sample | null
  /** One sample a minute of the last two hours, ascending, with the fields that warnings are read from. */
  recent: Series
  lastKillAt: EpochMs | null
  kills7d: number
  kills30d: number
  /** First and last thing known of it. */
  firstSeenAt: EpochMs
  lastSeenAt: EpochMs
  isSample: boolean
}

/** One boot of a host; ends are null while unknown. */
export interface Boot {
  id: string
  startedAt: EpochMs | null
  endedAt: EpochMs | null
  kernel: string | null
}
