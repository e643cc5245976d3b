import type { Moment } from '@/lib/logs/dating'
import type { Stamp } from '@/lib/logs/source'
import type { Facts } from '@/lib/oom/facts'

/** One message with all that its envelope and neighbours say, in the order of the log. */
export interface Entry {
  /** First and last physical line, 1-based: a wrapped message has several. */
  from: number
  to: number
  host: string | null
  /** Null when the line does not say who wrote it: then the kernel is possible. */
  program: string | null
  pid: number | null
  /** Host, boot and printk caller: messages of one key come from one writer. */
  stream: string
  /** Host and boot. */
  bootKey: string
  moment: Moment
  /** Makes the stamp of a fact told by this entry. */
  stamp(): Stamp
  message: string
  /** Name of the envelope's format. */
  format: string
}

/** What a line is to the receipt: `recognised` is part of a fact, `context` stands beside one. */
export type Claim = 'recognised' | 'context' | null

/** Who tells of memory trouble: the kernel, a killer daemon, a runtime. One file each, listed in `lib/oom/registry.ts`. */
export interface OomSource {
  name: string
  /** A message it reads, for people and for the registry's test. */
  sample: string
  /** Makes a reader for one log. It is asked for every message near memory trouble and answers null for what is not its own. */
  open(facts: Facts): OomReader
}

export interface OomReader {
  read(entry: Entry): Claim
  /** The log ends here: what is still open is as complete as it gets. */
  end?(): void
}

/**
 * True when the kernel may have written the message itself: its own tag, or a text that names no writer. The kernel has
 * no pid; `logger -i -t kernel` does.
 */
export function isKernelVoice(entry: Entry): boolean {
  if (entry.program === null) return true
  return (entry.program === 'kernel' || entry.program === 'vmunix') && (entry.pid === null || entry.pid === 0)
}

/**
 * True when the line itself says that the kernel wrote it. A line without an envelope only follows one that does, and
 * may be a person's remark.
 */
export function isKernelLine(entry: Entry): boolean {
  return entry.program === 'kernel' && entry.format !== 'bare'
}
