import { envelope, type LogFormat } from '@/lib/logs/format'
import { timeOfMicroseconds } from '@/lib/logs/json-lines'
import { readHostAndTag } from '@/lib/logs/rfc3164'

// "1710328608.123456 web01 kernel: msg" (journalctl -o short-unix), "1710328608 web01 kernel: msg"
const SECONDS = /^(1[0-9]{9})(?:\.(\d{1,9}))? (?=\S)/

/** Seconds since 1970 in front of host and tag. */
export const unixTime: LogFormat = {
  name: 'unix-time',
  sample: '1710328608.123456 web01 kernel: Mem-Info:',
  decode(line) {
    const match = SECONDS.exec(line.length > 32 ? line.slice(0, 32) : line)
    if (!match) return null
    const [whole, seconds = '', fraction = ''] = match
    const time = timeOfMicroseconds(seconds + fraction.slice(0, 6).padEnd(6, '0'))
    const { message, ...known } = readHostAndTag(line.slice(whole.length))
    // Any line may begin with a number; one that goes on as a log does is dated by it.
    if (!time || (known.program === null && known.host !== null)) return null
    return envelope('unix-time', message, { time: { ...time, text: whole.trim() }, ...known })
  },
}
