import { envelope, type LogFormat, type PrintedTime } from '@/lib/logs/format'
import { beginsAsKernel } from '@/lib/logs/pasted-line'
import { fractionMs, isCalendarTime, monthOf } from '@/lib/logs/printed-time'

// "Nov  2 14:08:46 mail kernel: oom-killer: gfp_mask=0x1d2", also "Nov 2", "Nov 02", "ноя 17" and journalctl's ".123456"; routers write the year behind the time
const STAMP =
  /^(([^\s\d\-:/[<{"]{3,9}|\d{1,2}月) {1,2}(\d{1,2})(?: (\d{4}))? (\d\d):(\d\d):(\d\d)(?:\.(\d{3,6}))?(?: ((?:19|20)\d\d)(?= \S{1,255} \S))?)(?:: | )/
// "mail kernel: ", "web01 sshd[411]: ", "db-3 systemd-oomd[581]: "; the tag may be missing
const HOST = /^(\S{1,255})(?: +|$)/
const TAG = /^([^\s:[\]]{1,64}(?:\([^\s()]{1,32}\))?)(?:\[(\d{1,10})\])?:(?: |$)/

/** Reads the time, and gives where it ends. */
export function readBsdTime(line: string): { time: PrintedTime; end: number } | null {
  const match = STAMP.exec(line.length > 64 ? line.slice(0, 64) : line)
  if (!match) return null
  const month = monthOf(match[2] ?? '')
  if (month === null) return null
  const time: PrintedTime = {
    text: match[1] ?? '',
    year: match[4] === undefined && match[9] === undefined ? null : Number(match[4] ?? match[9]),
    month,
    day: Number(match[3]),
    hour: Number(match[5]),
    minute: Number(match[6]),
    second: Number(match[7]),
    ms: fractionMs(match[8]),
    offsetMinutes: null,
  }
  return isCalendarTime(time) ? { time, end: match[0].length } : null
}

/** Reads "host program[pid]: message": what follows the time in every syslog-like text. */
export function readHostAndTag(rest: string): {
  host: string | null
  program: string | null
  pid: number | null
  message: string
} {
  // A console logger's stamp, then the kernel's own: "Sep 15 14:44:55.502598 [ 1613.322585] …"
  if (rest[0] === '[' || rest[0] === '<') return { host: null, program: null, pid: null, message: rest }
  const host = beginsAsKernel(rest) ? null : HOST.exec(rest.length > 300 ? rest.slice(0, 300) : rest)
  if (!host) return { host: null, program: null, pid: null, message: rest }
  // A stamp followed by "kernel: " has lost its host (busybox, some relays).
  if (/^\S+:$/.test(host[1] ?? '')) return { host: null, ...readTag(rest) }
  return { host: host[1] ?? null, ...readTag(rest.slice(host[0].length)) }
}

const FACILITY = /^[a-z]{2,8}\d?\.[a-z]{3,7} (?=\S)/

/** Reads "program[pid]: message". */
export function readTag(rest: string): { program: string | null; pid: number | null; message: string } {
  if (beginsAsKernel(rest)) return { program: null, pid: null, message: rest }
  // busybox puts facility and level in front: "kern.err kernel: …"
  const level = FACILITY.exec(rest.slice(0, 20))
  if (level) return readTag(rest.slice(level[0].length))
  // Tables that were exported as text have a blank or a tab where the colon was.
  if (rest.startsWith('kernel ') && beginsAsKernel(rest.slice(7).trimStart()))
    return { program: 'kernel', pid: null, message: rest.slice(7).trimStart() }
  const tag = TAG.exec(rest.length > 140 ? rest.slice(0, 140) : rest)
  if (!tag) return { program: null, pid: null, message: rest }
  return {
    program: tag[1] ?? null,
    pid: tag[2] === undefined ? null : Number(tag[2]),
    message: rest.slice(tag[0].length),
  }
}

/** BSD syslog (RFC 3164) and journalctl's `short` and `short-precise`. The day may be padded with a space, a zero or not at all. */
export const rfc3164: LogFormat = {
  name: 'rfc3164',
  sample: 'Nov  2 14:08:46 mail kernel: oom-killer: gfp_mask=0x1d2',
  decode(line) {
    const stamp = readBsdTime(line)
    if (!stamp) return null
    // "Jun 12 06:38:31: text": a program's own log, without host and tag
    if (line[stamp.end - 2] === ':') return envelope('rfc3164', line.slice(stamp.end), { time: stamp.time })
    const { message, ...known } = readHostAndTag(line.slice(stamp.end))
    return envelope(stamp.time.text.includes('.') ? 'journal-short' : 'rfc3164', message, {
      time: stamp.time,
      ...known,
    })
  },
}

// "Fri Oct  2 14:14:07 2026 kern.err kernel: [   12.345678] text", "Fri Oct  2 14:14:07 2026 web01 kernel: text"
const LOGREAD =
  /^[A-Z][a-z]{2} ([A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d) (\d{4}) (?=[a-z]{2,8}\d?\.[a-z]{3,7} |(?:\S{1,64} )?kernel: )/

/** OpenWrt's `logread`. */
export const logread: LogFormat = {
  name: 'logread',
  sample: 'Fri Oct  2 14:14:07 2026 kern.err kernel: Mem-Info:',
  decode(line) {
    const match = LOGREAD.exec(line.length > 60 ? line.slice(0, 60) : line)
    const stamp = match && readBsdTime(`${match[1]} `)
    if (!match || !stamp) return null
    const time = { ...stamp.time, text: match[0].trim(), year: Number(match[2]) }
    const rest = line.slice(match[0].length)
    const { message, ...known } = FACILITY.test(rest.slice(0, 20)) ? readTag(rest) : readHostAndTag(rest)
    return envelope('logread', message, { time, ...known })
  },
}
