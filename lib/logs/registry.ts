import { dmesg, dmesgCtime, dmesgIso, kmsg, readPrintk } from '@/lib/logs/dmesg'
import { type Envelope, envelope, type LogFormat } from '@/lib/logs/format'
import { iso8601 } from '@/lib/logs/iso8601'
import { rfc3164 } from '@/lib/logs/rfc3164'

/** In order of trial; a format that another would also accept stands before it. */
export const LOG_FORMATS: readonly LogFormat[] = [dmesg, dmesgCtime, dmesgIso, rfc3164, iso8601, kmsg]

const MAX_NESTING = 3

/** Decodes lines one by one and tries the format of the line before first, since most files have one. */
export function createDecoder(): (line: string) => Envelope {
  let last: LogFormat | null = null
  return (line) => {
    const first = last?.decode(line)
    if (last && first) return unpack(first, last, 0)
    for (const format of LOG_FORMATS) {
      const found = format === last ? null : format.decode(line)
      if (found) {
        last = format
        return unpack(found, format, 0)
      }
    }
    return envelope('bare', line)
  }
}

/** Looks inside a message: a container runtime's line or a syslog line may carry the kernel's own stamp. */
function unpack(outer: Envelope, format: LogFormat, depth: number): Envelope {
  if (format.isTransport && depth < MAX_NESTING) {
    for (const inner of LOG_FORMATS) {
      const found = inner.decode(outer.message)
      if (found) return merge(outer, unpack(found, inner, depth + 1))
    }
    return outer
  }
  if (outer.uptimeText !== null || (outer.program !== 'kernel' && outer.program !== null)) return outer
  const printk = readPrintk(outer.message)
  return { ...outer, ...printk, caller: printk.caller ?? outer.caller }
}

/** The inner envelope knows better what it prints; the outer one fills what it leaves out. */
function merge(outer: Envelope, inner: Envelope): Envelope {
  return {
    format: outer.format,
    time: inner.time ?? outer.time,
    uptimeSeconds: inner.uptimeSeconds ?? outer.uptimeSeconds,
    uptimeText: inner.uptimeText ?? outer.uptimeText,
    host: inner.host ?? outer.host,
    program: inner.program ?? outer.program,
    pid: inner.pid ?? outer.pid,
    caller: inner.caller ?? outer.caller,
    boot: inner.boot ?? outer.boot,
    message: inner.message,
  }
}
