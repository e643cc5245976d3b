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
}

/** Something the log does not say and we supplied, with the reason: shown, and changeable afterwards. */
export interface Assumption {
  what: 'year' | 'zone' | 'host' | 'clock' | 'page-size'
  value: string
  why: string
  /** False when nothing in the text supports it, so that a person should be asked. */
  isEvidenced: boolean
}

/** What a person or agent said about a source, or what is known from outside it. All null when nothing is known. */
export interface SourceHints {
  name: string
  host: string | null
  /** IANA name, e.g. `Asia/Shanghai`. */
  zone: string | null
  year: number | null
  /** Modification time of the file, when the sender told it. */
  modifiedAt: EpochMs | null
  /** When the bytes arrived; nothing in a log lies after it. Null in `analyze` without a clock. */
  receivedAt: EpochMs | null
}

export interface Warning {
  line: number
  code: string
  detail: string
}
