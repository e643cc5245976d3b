import { envelope, type LogFormat, type PrintedTime } from '@/lib/logs/format'
import { fractionMs, isCalendarTime, offsetOf } from '@/lib/logs/printed-time'
import { readHostAndTag } from '@/lib/logs/rfc3164'

// "2026-02-08T00:40:07.136582+00:00", "2026-04-12T19:04:42+0100", "2024-03-13T11:16:48,123456+0100", "2024-04-16 05:40:28"
const ISO = /^(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?(?:\d\d)?)?/

// "2026-02-08 00:40:07.123 UTC …", "2026-02-08 00:40:07 +0000 …": the zone apart from the time
const ZONE = /^ (UTC|GMT|[+-]\d\d:?\d\d) /

// "2024-03-13T11:16:48Z {host="web01", job="varlogs"} …": logcli's output
const LABELS = /^\{\w{1,60}="[^{}\n]*"\} {1,2}/
const HOST_LABEL = /\b(?:host|hostname|nodename|node_name)="([^"]{1,255})"/

/** Reads an ISO 8601 time at the start of a text, and gives where it ends. */
export function readIsoTime(line: string): { time: PrintedTime; end: number } | null {
  const match = ISO.exec(line.length > 48 ? line.slice(0, 48) : line)
  if (!match) return null
  const time: PrintedTime = {
    text: match[0],
    year: Number(match[1]),
    month: Number(match[2]),
    day: Number(match[3]),
    hour: Number(match[4]),
    minute: Number(match[5]),
    second: Number(match[6]),
    ms: fractionMs(match[7]),
    offsetMinutes: offsetOf(match[8]),
  }
  return isCalendarTime(time) ? { time, end: match[0].length } : null
}

/** rsyslog's and journalctl's ISO forms: time, host, tag. */
export const iso8601: LogFormat = {
  name: 'iso8601',
  sample: '2026-02-08T00:40:07.136582+00:00 web01 kernel: Mem-Info:',
  decode(line) {
    const stamp = readIsoTime(line)
    if (!stamp) return null
    // "2023-08-10 16:53:26,460: text": a program's own log
    if (line.startsWith(': ', stamp.end)) return envelope('iso8601', line.slice(stamp.end + 2), { time: stamp.time })
    if (line[stamp.end] !== ' ') return null
    const zone = stamp.time.offsetMinutes === null ? ZONE.exec(line.slice(stamp.end, stamp.end + 10)) : null
    if (zone) stamp.time.offsetMinutes = offsetOf(zone[1])
    const labelled = line.slice(stamp.end + (zone?.[0].length ?? 1))
    const labels = labelled[0] === '{' ? LABELS.exec(labelled.slice(0, 2000)) : null
    if (labels) {
      const host = HOST_LABEL.exec(labels[0])?.[1] ?? null
      return envelope('iso8601', labelled.slice(labels[0].length), { time: stamp.time, host })
    }
    const rest = labelled
    if (rest[0] === '[' || rest[0] === ' ' || rest[0] === '<')
      return envelope('iso8601', rest.trimStart(), { time: stamp.time })
    // Docker's and a shipper's own lines have a time and no host: "… container oom 29d7…", "… level=info msg=…".
    const { message, ...known } = readHostAndTag(rest)
    if (known.program === null) return envelope('iso8601', rest, { time: stamp.time })
    return envelope('iso8601', message, { time: stamp.time, ...known })
  },
}
