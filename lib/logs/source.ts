import type { EpochMs } from '@/lib/units'

/** Lines of one source (an upload, a file), 1-based and inclusive: what a statement rests on. */
export interface LineRange {
  /** Upload id, or the file's name in `analyze`. */
  source: string
  from: number
  to: number
}

/** When something happened, as printed and as understood. */
export interface Stamp {
  /** As printed on the line, without host; null on a bare line. */
  text: string | null
  /** Null when the log gives no time that can be placed. */
  at: EpochMs | null
  /** Seconds since boot (printk time) when the line carries them. */
  uptimeSeconds: number | null
  /** The journal told it, with its boot: the instant of the event. Left out where others told when they wrote it down. */
  isExact?: true
}
