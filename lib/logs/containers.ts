import { envelope, type LogFormat } from '@/lib/logs/format'
import { readIsoTime } from '@/lib/logs/iso8601'
import { fractionMs, isCalendarTime } from '@/lib/logs/printed-time'

// "2024-03-13T11:16:48.123456789Z stdout F msg"; P is a part of a line that the next one continues
const CRI = /^ (?:stdout|stderr) ([FP])(?::\S*)? /

/** The container runtime interface's log files (/var/log/containers). */
export const cri: LogFormat = {
  name: 'cri',
  sample: '2024-03-13T11:16:48.123456789Z stdout F [   12.345678] Mem-Info:',
  isTransport: true,
  decode(line) {
    const stamp = readIsoTime(line)
    if (!stamp) return null
    const match = CRI.exec(line.slice(stamp.end, stamp.end + 40))
    if (!match) return null
    return envelope('cri', line.slice(stamp.end + match[0].length), { time: stamp.time, isPartial: match[1] === 'P' })
  },
}

// "I1010 17:41:57.858757    4991 manager.go:1126] Created an OOM event in container …"
const KLOG = /^[IWEF](\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3,6}) +(\d{1,10}) ([\w./-]{1,64}:\d{1,6})\] /

/** Kubernetes' own programs. */
export const klog: LogFormat = {
  name: 'klog',
  sample: 'I1010 17:41:57.858757    4991 manager.go:1126] Created an OOM event in container "/kubepods/x" at 17:41',
  decode(line) {
    const match = KLOG.exec(line.length > 140 ? line.slice(0, 140) : line)
    if (!match) return null
    const [whole, month, day, hour, minute, second, fraction, pid, place] = match
    const time = {
      text: whole.slice(1, whole.indexOf('.') + 1 + (fraction ?? '').length),
      year: null,
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      ms: fractionMs(fraction),
      offsetMinutes: null,
    }
    if (!isCalendarTime(time)) return null
    return envelope('klog', line.slice(whole.length), { time, pid: Number(pid), program: place ?? null })
  },
}

// "03-17 16:13:40.345  1234  1250 I lowmemorykiller: Kill 'x' …" (threadtime), "I/lowmemorykiller(  411): …" (brief)
const THREADTIME =
  /^(?:(\d{4})-)?(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3,6}) +(?:\S+ +)??(\d{1,7}) +\d{1,7} [VDIWEF] ([^:]{1,64}?) *: /
const BRIEF = /^[VDIWEF]\/([^(]{1,64}?) *\( *(\d{1,7})\): /

/** Android's logcat. */
export const logcat: LogFormat = {
  name: 'logcat',
  sample: "03-17 16:13:40.345  1234  1250 I lowmemorykiller: Kill 'com.example.app' (24017), uid 10123",
  decode(line) {
    const head = line.length > 180 ? line.slice(0, 180) : line
    const brief = BRIEF.exec(head)
    if (brief)
      return envelope('logcat', line.slice(brief[0].length), { program: brief[1] ?? null, pid: Number(brief[2]) })
    const match = THREADTIME.exec(head)
    if (!match) return null
    const [whole, year, month, day, hour, minute, second, fraction, pid, tag] = match
    const time = {
      text: whole.slice(0, whole.indexOf('.') + 1 + (fraction ?? '').length),
      year: year === undefined ? null : Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      ms: fractionMs(fraction),
      offsetMinutes: null,
    }
    if (!isCalendarTime(time)) return null
    // The kernel's lines come to logcat without a tag, or with an empty one.
    return envelope('logcat', line.slice(whole.length), {
      time,
      pid: Number(pid),
      program: tag === '' ? null : (tag ?? null),
    })
  },
}
