import type { EpochMs } from '@/lib/units'

/** Something the text does not say and we supplied, with the reason: shown, and changeable afterwards. */
export interface Assumption {
  /** `date`: day, month and year of a clock; `unit`: what a bare number counts; `resource`: what a pressure file is about. */
  what: 'year' | 'zone' | 'host' | 'clock' | 'page-size' | 'date' | 'unit' | 'resource'
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
  /**
   * When the bytes had arrived; nothing in a log lies after it. Null in `analyze` without a clock. Of a source that is read
   * while it arrives it may change within a day (UTC) until the reader is told of the end.
   */
  receivedAt: EpochMs | null
}

export interface Warning {
  /** 1-based; 0 when it is about the whole source. */
  line: number
  code: string
  detail: string
}
