import type { WireLine } from '@/lib/ingest/protocols/protocol'
import { completeTime, msToNs, type TimeContext } from '@/lib/ingest/protocols/wire-time'
import type { Envelope, PrintedTime } from '@/lib/logs/format'

/** What surrounds a record: labels of its stream, the request's own words. */
export interface RecordContext extends TimeContext {
  host: string | null
  /** Who wrote lines of plain text that name no program. */
  program: string | null
  /** Reads the envelope of a line; remembers the format of the line before. */
  decode(line: string): Envelope
}

/** One `WireLine` a line of `text`; empty lines are left out, a line's own envelope is taken off and believed. */
export function linesOfText(text: string, about: Omit<WireLine, 'text'>, context: RecordContext): WireLine[] {
  return text
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .map((line) => readOwnEnvelope(line, about, context))
}

/**
 * The program that wrote a line, when all that is known is the service, job or container it was collected from: a name
 * of the collector's, not of the line. The system's own logs and lines with a printk stamp are of whoever they say.
 */
export function collectedFrom(service: string | null, file: string | null, text: string): string | null {
  if (file !== null && /(?:^|[/_.-])(?:kern|kmsg|dmesg|messages|syslog|journal)/i.test(file)) return null
  if (/^(?:<\d{1,3}>)?\[ *\d+\.\d+\]/.test(text)) return null
  return service !== null && /^[^\s:[\]]{1,64}$/.test(service) ? service : null
}

function readOwnEnvelope(line: string, about: Omit<WireLine, 'text'>, context: RecordContext): WireLine {
  const own = context.decode(line)
  if (own.time === null) {
    // Seconds since boot stay in the text: every reader knows them there.
    if (own.uptimeSeconds === null) return { ...about, text: line }
    const monotonicUs = about.monotonicUs ?? Math.round(own.uptimeSeconds * 1e6)
    // rsyslog keeps the space between tag and message as a part of the message.
    const text = line.trimStart()
    return { ...about, host: about.host ?? own.host, program: about.program ?? 'kernel', monotonicUs, text }
  }
  const caller = own.caller === null ? '' : `[${own.caller.padStart(8)}]`
  return {
    host: own.host ?? about.host,
    atNs: ownTime(own.time, about.atNs, context) ?? about.atNs,
    program: own.program ?? about.program,
    pid: own.pid ?? about.pid,
    priority: about.priority,
    bootId: own.boot ?? about.bootId,
    monotonicUs: own.uptimeSeconds === null ? about.monotonicUs : Math.round(own.uptimeSeconds * 1e6),
    text: own.uptimeText === null ? own.message : `${own.uptimeText}${caller} ${own.message}`,
  }
}

const ZONE_STEP_NS = 900_000_000_000n
const ZONE_MOST_NS = 50_400_000_000_000n
const DELAY_NS = 120_000_000_000n

/**
 * The time printed on a line is the event's, the one beside it that of its arrival. Without a zone on the line, a whole
 * number of quarter hours between both (give or take two minutes) is the host's offset from UTC.
 */
function ownTime(time: PrintedTime, arrivedNs: bigint | null, context: RecordContext): bigint | null {
  const at = completeTime(time, context)
  if (at === null) return null
  const ns = msToNs(at)
  if (time.offsetMinutes !== null || context.zone !== null || arrivedNs === null) return ns
  const apart = arrivedNs - ns
  const steps = (apart + (apart < 0n ? -ZONE_STEP_NS : ZONE_STEP_NS) / 2n) / ZONE_STEP_NS
  const offset = steps * ZONE_STEP_NS
  const delay = apart - offset
  const isOffset = offset <= ZONE_MOST_NS && offset >= -ZONE_MOST_NS && delay <= DELAY_NS && delay >= -DELAY_NS
  return isOffset ? ns + offset : ns
}
