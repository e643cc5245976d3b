/** A wall-clock time as a line prints it. What is not printed is null and supplied later, with a reason. */
export interface PrintedTime {
  /** As printed, without brackets unless the format is known by them. */
  text: string
  year: number | null
  /** 1 to 12. */
  month: number
  day: number
  hour: number
  minute: number
  second: number
  ms: number
  /** Minutes east of UTC; null when the line names no zone. */
  offsetMinutes: number | null
}

/** What carried a message: who wrote it, when, on which machine. Linux logs call this the prefix or the envelope. */
export interface Envelope {
  /** Name of the format, one of the registry's. */
  format: string
  time: PrintedTime | null
  /** Seconds since boot (printk time). */
  uptimeSeconds: number | null
  /** The uptime stamp as printed, brackets included. */
  uptimeText: string | null
  host: string | null
  /** `kernel`, `systemd`, …; null when the line does not say, which leaves the kernel possible. */
  program: string | null
  pid: number | null
  /** printk caller (`T5739`, `C1`): lines of two tasks can be told apart by it. */
  caller: string | null
  /** Boot id of the journal. */
  boot: string | null
  /** A console's login prompt names the machine, but only on this line. */
  consoleHost: string | null
  /** True when the next line of the same carrier continues the message. */
  isPartial: boolean
  message: string
}

/** One way in which logs carry lines. `decode` is linear in the line's length and answers null for lines of other formats. */
export interface LogFormat {
  name: string
  /** A sample line, for people and for the registry's test. */
  sample: string
  /** True when the message may carry an envelope of its own (a container runtime's log, a terminal logger). */
  isTransport?: boolean
  decode(line: string): Envelope | null
}

/** The empty envelope of a line, to be filled by a format. */
export function envelope(format: string, message: string, known: Partial<Envelope> = {}): Envelope {
  return {
    format,
    time: null,
    uptimeSeconds: null,
    uptimeText: null,
    host: null,
    program: null,
    pid: null,
    caller: null,
    boot: null,
    consoleHost: null,
    isPartial: false,
    ...known,
    message,
  }
}
