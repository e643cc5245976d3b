import { createHash } from 'node:crypto'
import { SUSPICIOUS, TRIGGER_WORDS } from '@/lib/analysis/triggers'
import type { WireLine } from '@/lib/ingest/protocols/protocol'
import { msToNs } from '@/lib/ingest/protocols/wire-time'
import type { EpochMs } from '@/lib/units'

/** How much a line is worth: context of what may come, the kernel's own words, or something that tells of memory. */
export const WEIGHT = { neighbour: 0, kernel: 1, telling: 2 } as const

/** A line as a stream keeps it. */
export interface StreamLine {
  /** Digest of what makes it the same line when it is sent again. */
  key: Buffer
  atNs: bigint
  /** Microseconds since boot; lines without any stand with the line before them. */
  uptimeUs: bigint
  weight: number
  /** RFC 5424, the one envelope that holds time, host, program, process, priority and boot together. */
  text: string
}

/** A line longer than this is cut there, as in files. */
const TEXT_LIMIT = 64 * 1024
const KEY_BYTES = 16
const PRINTK = /^(?:<\d{1,3}>)?\[ *(\d{1,10})\.(\d{1,6})\d*\]/
/** In the kernel's own words anything the parser looks at counts. */
const TELLING = new RegExp(TRIGGER_WORDS.join('|'))
/** Programs speak of memory all day; of theirs only what tells of a kill or a shortage does. */
const TELLING_PROGRAM =
  /OutOfMemory|heap out of memory|\boom[-_ ]?kill|OOM ?[Kk]ill|TaskOOM|container oom|9\/KILL|exitCode=137|bad_alloc|MemoryError|Allowed memory size|low on resource|mem avail|sending SIG|Killed \/|Linux version |System is rebooting|memory-pressure|swap used/
/** Whose every line is about memory, or is an alert somebody asked for. */
const WATCHERS = /^(?:oomscope|alertmanager|systemd-oomd|earlyoom|nohang|oomd|lmkd|lowmemorykiller)$/
const NOTICE = 5
const USER_FACILITY = 1

/**
 * The lines of one host in one batch as its stream keeps them, in the batch's order. Lines without a time stand at the
 * moment of arrival; to know such a line again, its place in the batch counts instead.
 *
 * @param batch digest of the request's body
 */
export function toStreamLines(
  lines: readonly WireLine[],
  { host, batch, receivedAt }: { host: string; batch: string; receivedAt: EpochMs },
): StreamLine[] {
  const arrivedNs = msToNs(receivedAt)
  const occurrences = new Map<string, number>()
  let uptimeUs = 0n
  return lines.map((line, index) => {
    const printed = PRINTK.exec(line.text)
    uptimeUs = uptimeOf(line, printed) ?? uptimeUs
    const same = line.key ?? `${line.atNs ?? `${batch} ${index}`}\n${line.program ?? ''}\n${line.text}`
    const nth = occurrences.get(same) ?? 0
    occurrences.set(same, nth + 1)
    const atNs = line.atNs ?? arrivedNs
    return {
      // Two equal lines of one moment in one batch are two; an alert told twice in one batch is one.
      key: digest(line.key === undefined ? `${nth}\n${same}` : same),
      atNs,
      uptimeUs,
      weight: weightOf(line),
      text: render(line, { atNs, host, hasPrintedUptime: printed !== null }),
    }
  })
}

function uptimeOf(line: WireLine, printed: RegExpExecArray | null): bigint | null {
  if (line.monotonicUs !== null) return BigInt(line.monotonicUs)
  return printed ? BigInt(`${printed[1]}${(printed[2] ?? '').padEnd(6, '0')}`) : null
}

function weightOf({ program, text }: WireLine): number {
  const isKernel = program === 'kernel'
  const words = isKernel || program === null ? TELLING : TELLING_PROGRAM
  if (words.test(text) || SUSPICIOUS.test(text) || WATCHERS.test(program ?? '')) return WEIGHT.telling
  return isKernel ? WEIGHT.kernel : WEIGHT.neighbour
}

/** RFC 5424: `<6>1 2026-11-24T02:45:49.399005Z db-1 kernel - - [journal@32473 boot="…"] [ 1142.532551] text`. */
function render(
  line: WireLine,
  { atNs, host, hasPrintedUptime }: { atNs: bigint; host: string; hasPrintedUptime: boolean },
): string {
  const isKernel = line.program === 'kernel'
  const priority = (isKernel ? 0 : USER_FACILITY) * 8 + (line.priority ?? NOTICE)
  const boot = line.bootId === null ? '-' : `[journal@32473 boot="${line.bootId}"]`
  const uptime =
    isKernel && line.monotonicUs !== null && !hasPrintedUptime
      ? `[${(line.monotonicUs / 1e6).toFixed(6).padStart(12)}] `
      : ''
  const head = `<${priority}>1 ${formatNs(atNs)} ${token(host, 255)} ${token(line.program, 48)} ${line.pid ?? '-'} - ${boot}`
  // PostgreSQL holds no NUL, and a line is one line.
  const text = line.text.slice(0, TEXT_LIMIT).replace(/[\0\r\n]/g, ' ')
  return `${head} ${uptime}${text}`
}

/** A field of the header: without spaces, `-` when there is nothing to say. */
function token(text: string | null, limit: number): string {
  const plain = (text ?? '').replace(/[^\x21-\x7e]/g, '_').slice(0, limit)
  return plain === '' ? '-' : plain
}

/** Microseconds are the most RFC 5424 can say. */
function formatNs(ns: bigint): string {
  const us = ns / 1000n
  const micros = String(us % 1_000_000n).padStart(6, '0')
  return `${new Date(Number(us / 1_000_000n) * 1000).toISOString().slice(0, 19)}.${micros}Z`
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest().subarray(0, KEY_BYTES)
}
