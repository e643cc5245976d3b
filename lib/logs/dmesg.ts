import { type Envelope, envelope, type LogFormat, type PrintedTime } from '@/lib/logs/format'
import { readIsoTime } from '@/lib/logs/iso8601'
import { isCalendarTime, monthOf } from '@/lib/logs/printed-time'

// "[12345.678901] ", "[    0.000000]", "[  102.330084 <    0.000012>] " (dmesg -d), "<4>[  102.330084] ", "[ 3605.341706] [   T5739] ", "[  201.1][    C1] "
// and those of vendors, with the CPU or a clock inside: "[2-3219.1870] ", "[   12.345678@1] ", "[   12.345678,0] ", "[   12.345678 / 01-10 12:34:56.789] "
const UPTIME =
  /^(?:<\d{1,3}>)?(\[ {0,12}(?:\d{1,3}-)?(\d{1,10}\.\d{1,9})(?:[@,]\d{1,3}| \/ [\d:. -]{10,24}| <[ \d.]{1,20}>)?\])(?:\s{0,2}\[ {0,8}([TC]\d{1,9})\])? ?/
const PRIORITY = /^<\d{1,3}>/
// "kern  :err   : [   12.345678] text" (dmesg -x)
const DECODED =
  /^(?:kern|user|daemon|auth|syslog|lpr|mail|news|local\d) *:(?:emerg|alert|crit|err|warn|notice|info|debug) *: /
// The CPU and task in front: MediaTek's "(4)[10628:comm]msg", Samsung's "[3:     kswapd0:   83] msg", Marvell's "c1     83 (kswapd0) msg"
const VENDOR_TASKS = [
  /^ {0,4}[-.]?\(\d{1,3}\)\[(\d{1,7}):[^\]]{1,32}\] ?/,
  /^ {0,4}\[\d{1,3}: {0,16}[^\]]{1,32}: {0,8}(\d{1,7})\] ?/,
  /^ {0,4}c\d{1,2} {1,8}(\d{1,7}) \([^)]{1,32}\) ?/,
]

/** Reads the printk prefix inside any envelope: priority, seconds since boot, caller. Nothing there: the message unchanged. */
export function readPrintk(message: string): Pick<Envelope, 'uptimeSeconds' | 'uptimeText' | 'caller' | 'message'> {
  const head = message.length > 160 ? message.slice(0, 160) : message
  const match = UPTIME.exec(head)
  if (!match) {
    const priority = PRIORITY.exec(head)
    return {
      uptimeSeconds: null,
      uptimeText: null,
      caller: null,
      message: priority ? message.slice(priority[0].length) : message,
    }
  }
  const rest = message.slice(match[0].length)
  const vendor = readVendorTask(rest.length > 80 ? rest.slice(0, 80) : rest)
  return {
    uptimeSeconds: Number(match[2]),
    uptimeText: match[1] ?? null,
    caller: match[3] ?? (vendor ? `T${vendor[1]}` : null),
    message: vendor ? rest.slice(vendor[0].length) : rest,
  }
}

function readVendorTask(head: string): RegExpExecArray | null {
  for (const pattern of VENDOR_TASKS) {
    const found = pattern.exec(head)
    if (found) return found
  }
  return null
}

/** `dmesg`, `dmesg -x`, `dmesg --raw`, and printk time on a console. */
export const dmesg: LogFormat = {
  name: 'dmesg',
  sample: '[ 2727.903152] python3 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
  decode(line) {
    const decoded = DECODED.exec(line.length > 40 ? line.slice(0, 40) : line)
    const printk = readPrintk(decoded ? line.slice(decoded[0].length) : line)
    if (printk.uptimeSeconds === null) return decoded ? readStamped(printk.message) : null
    return envelope('dmesg', printk.message, { ...printk })
  },
}

/** A message behind `dmesg -x`'s words: its time may be in one of the other forms. */
function readStamped(rest: string): Envelope {
  return dmesgCtime.decode(rest) ?? dmesgIso.decode(rest) ?? envelope('dmesg', rest)
}

// "[Fri Oct  2 14:14:07 2026] ", "[dim. 19 avril 18:03:30 2026] ", "[Di Aug 12 03:54:03 2025] ", "[五 5月 29 23:06:20 2026] "
// and, as people copy it, "[Tue Sep 16 03:14:22] "
const CTIME = /^\[([^[\]]{8,60}?(?:\d{4}|\d\d:\d\d:\d\d))\] ?/
const CLOCK = /(\d\d):(\d\d):(\d\d)/

/** Reads a `ctime()` date of any locale: a clock, a year of four digits, a month by name and the remaining number as the day. */
export function readCtime(text: string): PrintedTime | null {
  const clock = CLOCK.exec(text)
  if (!clock) return null
  const words = text.replace(clock[0], ' ').trim().split(/\s+/)
  const year = words.findIndex((word) => /^\d{4}$/.test(word))
  const day = words.findIndex((word) => /^\d{1,2}[.日]?$/.test(word))
  // The weekday comes first and can look like a month ("mar." is Tuesday in French), so the last match wins.
  const month = words.map((word) => monthOf(word)).findLast((found) => found !== null)
  if (day < 0 || month === undefined || month === null) return null
  const time: PrintedTime = {
    text,
    year: year < 0 ? null : Number(words[year]),
    month,
    day: Number.parseInt(words[day] ?? '', 10),
    hour: Number(clock[1]),
    minute: Number(clock[2]),
    second: Number(clock[3]),
    ms: 0,
    offsetMinutes: null,
  }
  return isCalendarTime(time) ? time : null
}

/** `dmesg -T`: a wall clock computed from the uptime, so it drifts after a suspend; localised. */
export const dmesgCtime: LogFormat = {
  name: 'dmesg-ctime',
  sample: '[Fri Oct  2 14:14:07 2026] Mem-Info:',
  decode(line) {
    const match = CTIME.exec(line.length > 80 ? line.slice(0, 80) : line)
    if (!match) return null
    const time = readCtime(match[1] ?? '')
    if (!time) return null
    const { message, caller } = readPrintk(line.slice(match[0].length))
    const tagged = /^\[ {0,8}([TC]\d{1,9})\] ?/.exec(message.slice(0, 24))
    return envelope('dmesg-ctime', tagged ? message.slice(tagged[0].length) : message, {
      time,
      caller: tagged?.[1] ?? caller,
    })
  },
}

/** `dmesg --time-format iso`: a comma before the fraction and nothing between time and message. */
export const dmesgIso: LogFormat = {
  name: 'dmesg-iso',
  sample: '2024-03-13T11:16:48,123456+0100 Mem-Info:',
  decode(line) {
    // Python's logging has a comma too, but neither "T" nor a zone.
    if (line[19] !== ',' || line[10] !== 'T') return null
    const stamp = readIsoTime(line)
    if (!stamp || line[stamp.end] !== ' ' || stamp.time.offsetMinutes === null) return null
    return envelope('dmesg-iso', line.slice(stamp.end + 1), { time: stamp.time })
  },
}

// "[Mar13 11:16] text", then "[  +0.000012] text" until the minute changes (dmesg -H)
const MINUTE = /^\[([A-Z][a-z]{2}) ?(\d{1,2}) (\d\d):(\d\d)\] ?/
const DELTA = /^\[ {0,6}\+\d{1,8}\.\d{6}\] ?/

/** `dmesg -H`: a clock to the minute, then distances. The distances are not added up: each is to the line before. */
export const dmesgHuman: LogFormat = {
  name: 'dmesg-human',
  sample: '[Mar13 11:16] Mem-Info:',
  decode(line) {
    const head = line.length > 40 ? line.slice(0, 40) : line
    const delta = DELTA.exec(head)
    if (delta) return envelope('dmesg-human', line.slice(delta[0].length))
    const match = MINUTE.exec(head)
    const month = match ? monthOf(match[1] ?? '') : null
    if (!match || month === null) return null
    const time: PrintedTime = {
      text: match[0].trim().slice(1, -1),
      year: null,
      month,
      day: Number(match[2]),
      hour: Number(match[3]),
      minute: Number(match[4]),
      second: 0,
      ms: 0,
      offsetMinutes: null,
    }
    return isCalendarTime(time) ? envelope('dmesg-human', line.slice(match[0].length), { time }) : null
  },
}

// "6,1234,5678901,-;Mem-Info:" with " KEY=value" lines after it (Documentation/ABI/testing/dev-kmsg)
const KMSG = /^(\d{1,5}),(\d{1,20}),(\d{1,20}),[-c+](?:,[^;]{0,64})?;/

/** `/dev/kmsg`: priority, sequence number and microseconds since boot. */
export const kmsg: LogFormat = {
  name: 'kmsg',
  sample: '6,1234,5678901,-;Mem-Info:',
  decode(line) {
    const match = KMSG.exec(line.length > 130 ? line.slice(0, 130) : line)
    if (!match) return null
    const caller = /caller=([TC]\d+)/.exec(match[0])?.[1] ?? null
    const seconds = Number(match[3]) / 1e6
    return envelope('kmsg', line.slice(match[0].length), {
      uptimeSeconds: seconds,
      uptimeText: `[${seconds.toFixed(6).padStart(12)}]`,
      program: 'kernel',
      caller,
    })
  },
}
