import type { OomReader, OomSource } from '@/lib/oom/source'

// "12:33:17 up 1 day, 11:26,  2 users,  load average: 5.04, 90.02, 8.00", also top's first line "top - 12:33:17 up …"
const UPTIME =
  /^(?:top - )?(\d\d):(\d\d):(\d\d) up +(?:(\d{1,5}) days?, +)?(?:(\d{1,2}):(\d\d)|(\d{1,2}) min)?,? .{0,40}load average: ([\d.]{1,10}), ([\d.]{1,10}), ([\d.]{1,10})/

/**
 * What `uptime`, `w` or `top` printed, pasted beside a log: how long the machine had been up, and its load. The line has
 * a time of day and no date, so it stands nowhere on the timeline until a person says when it was.
 */
export const uptime: OomSource = {
  name: 'uptime',
  sample: '12:33:17 up 1 day, 11:26,  2 users,  load average: 5.04, 90.02, 8.00',
  open(facts): OomReader {
    return {
      read(entry) {
        const match = UPTIME.exec(entry.message.trim().slice(0, 200))
        if (!match) return null
        const [, hour, minute, second, days, hours, minutes, onlyMinutes, load1, load5, load15] = match
        const upSeconds =
          Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3600 + Number(minutes ?? onlyMinutes ?? 0) * 60
        const text = `${hour}:${minute}:${second}`
        const undated = { ...entry, stamp: () => ({ text, at: null, uptimeSeconds: null }) }
        facts.addEvent(undated, 'snapshot', 'info', {
          upSeconds,
          load1: Number(load1),
          load5: Number(load5),
          load15: Number(load15),
        })
        return 'recognised'
      },
    }
  },
}
