import { cef } from '@/lib/logs/cef'
import { loginPrompt, tagged, terminalClock } from '@/lib/logs/console'
import { cri, klog, logcat } from '@/lib/logs/containers'
import { dmesg, dmesgCtime, dmesgHuman, dmesgIso, kmsg, readPrintk } from '@/lib/logs/dmesg'
import { type Envelope, envelope, type LogFormat } from '@/lib/logs/format'
import { iso8601 } from '@/lib/logs/iso8601'
import { journalFull, journalMonotonic } from '@/lib/logs/journal'
import { dockerJson, journalJson, json } from '@/lib/logs/json-lines'
import { withoutMarks } from '@/lib/logs/pasted-line'
import { logread, rfc3164 } from '@/lib/logs/rfc3164'
import { rfc5424 } from '@/lib/logs/rfc5424'
import { unixTime } from '@/lib/logs/unix-time'

/** In order of trial; a format whose lines another would also accept stands before it. */
export const LOG_FORMATS: readonly LogFormat[] = [
  journalMonotonic,
  dmesg,
  dmesgCtime,
  dmesgIso,
  dmesgHuman,
  rfc3164,
  logread,
  cri,
  iso8601,
  rfc5424,
  kmsg,
  journalFull,
  journalJson,
  dockerJson,
  json,
  klog,
  logcat,
  unixTime,
  cef,
  terminalClock,
  loginPrompt,
  tagged,
]

const DAEMON = /^([\w.@-]{2,40})\[(\d{1,10})\]: /
const MAX_NESTING = 3
// "<4>Nov  2 14:08:46 mail kernel: …": a priority in front of any other format but RFC 5424, which has a version after it
const PRIORITY = /^<\d{1,3}>(?!\d{1,2} )/

/** Decodes lines one by one and tries the format of the line before first, since most files have one. */
export function createDecoder(): (line: string) => Envelope {
  let last: LogFormat | null = null

  function find(line: string): Envelope | null {
    const first = last?.decode(line)
    if (last && first) return unpack(first, last, 0)
    for (const format of LOG_FORMATS) {
      const found = format === last ? null : format.decode(line)
      if (found) {
        last = format
        return unpack(found, format, 0)
      }
    }
    return null
  }

  return (line) => {
    const found = find(line)
    if (found) return found
    const priority = line[0] === '<' ? PRIORITY.exec(line.slice(0, 8)) : null
    if (priority) {
      const rest = line.slice(priority[0].length)
      return find(rest) ?? envelope('dmesg', rest)
    }
    // Pasted into Markdown or a mail, a log may be indented.
    const first = line.charCodeAt(0)
    const indented = first === 32 || first === 9 ? find(line.trimStart()) : null
    if (indented) return indented
    const behind = withoutMarks(line)
    return behind === null ? envelope('bare', line) : (find(behind) ?? envelope('bare', behind))
  }
}

/** Looks inside a message: a container runtime's line or a syslog line may carry the kernel's own stamp. */
function unpack(outer: Envelope, format: LogFormat, depth: number): Envelope {
  if (depth < MAX_NESTING && (format.isTransport || isClockAlone(outer) || isStampedTwice(outer) || isCef(outer))) {
    for (const inner of LOG_FORMATS) {
      const found = inner.decode(outer.message)
      if (found) return merge(outer, unpack(found, inner, depth + 1))
    }
    if (format.isTransport) return outer
  }
  if (outer.program !== 'kernel' && outer.program !== null) return outer
  const printk = outer.uptimeText === null ? readPrintk(outer.message) : outer
  const caller = printk.caller ?? outer.caller
  // Some relays put the tag before a message that has it already.
  if (outer.program !== null) return { ...outer, ...printk, message: printk.message.replace(/^kernel: /, ''), caller }
  // Daemons write to the kernel's log too: "[15.1] systemd[1]: …"
  const daemon = DAEMON.exec(printk.message.slice(0, 64))
  if (!daemon) return { ...outer, ...printk, caller }
  const message = printk.message.slice(daemon[0].length)
  return { ...outer, ...printk, caller, program: daemon[1] ?? null, pid: Number(daemon[2]), message }
}

/** A time and nothing else: a shipper's or a terminal's, before whatever it carries. */
function isClockAlone({ time, uptimeText, host, program }: Envelope): boolean {
  return time !== null && uptimeText === null && host === null && program === null
}

// "Nov  2 14:08:46 relay kernel: Nov  2 14:08:45 web01 kernel: …": a relay took the line for a message
const STAMPED =
  /^(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d |\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|\[[A-Z][a-z]{2} [A-Z][a-z]{2} )/

function isCef({ program, message }: Envelope): boolean {
  return program === null && message.startsWith('CEF:')
}

function isStampedTwice({ program, message }: Envelope): boolean {
  return program === 'kernel' && STAMPED.test(message.slice(0, 40))
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
    consoleHost: inner.consoleHost ?? outer.consoleHost,
    isPartial: outer.isPartial,
    message: inner.message,
  }
}
