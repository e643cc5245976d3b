import type { LogEvent } from '@/lib/oom/report'
import type { OomReader, OomSource } from '@/lib/oom/source'

// "12:33:17 up 1 day, 11:26,  2 users,  load average: 5.04, 90.02, 8.00", also top's first line "top - 12:33:17 up …"
const UPTIME =
  /^(?:top - )?(\d\d):(\d\d):(\d\d) up +(?:(\d{1,5}) days?, +)?(?:(\d{1,2}):(\d\d)|(\d{1,2}) min)?,? .{0,40}load average: ([\d.]{1,10}), ([\d.]{1,10}), ([\d.]{1,10})/

/** The time of day in such a line, and how long the machine had been up, and its load. Null for any other line. */
export function parseUptimeLine(line: string): { text: string; detail: LogEvent['detail'] } | null {
  const match = UPTIME.exec(line.slice(0, 200).trim())
  if (!match) return null
  const [, hour, minute, second, days, hours, minutes, onlyMinutes, load1, load5, load15] = match
  const upSeconds = Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3600 + Number(minutes ?? onlyMinutes ?? 0) * 60
  return {
    text: `${hour}:${minute}:${second}`,
    detail: { upSeconds, load1: Number(load1), load5: Number(load5), load15: Number(load15) },
  }
}

/**
 * What `uptime` or `w` printed, pasted beside a log: how long the machine had been up, and its load. The line has a time
 * of day and no date, so it stands nowhere on the timeline until a person says when it was.
 */
export const uptime: OomSource = {
  name: 'uptime',
  sample: '12:33:17 up 1 day, 11:26,  2 users,  load average: 5.04, 90.02, 8.00',
  open(facts): OomReader {
    return {
      read(entry) {
        const found = parseUptimeLine(entry.message)
        if (!found) return null
        facts.addSnapshot(entry, () => null, found.text, found.detail)
        return 'recognised'
      },
    }
  },
}
