import { envelope, type LogFormat } from '@/lib/logs/format'
import { readIsoTime } from '@/lib/logs/iso8601'
import { offsetOf } from '@/lib/logs/printed-time'

// "[2024-04-16 05:40:28]  [35312.235923] msg", "[2024-04-16 05:40:28.123] msg": the terminal program's own clock
const CLOCK = /^\[(?=\d{4}-\d\d-\d\d[ T])/

// "] ", " UTC] "
const ZONE_AND_END = /^(?: (UTC|GMT|[+-]\d\d:?\d\d))?\] {0,4}/

/** A terminal logger that puts its own clock in front of whatever the console prints. */
export const terminalClock: LogFormat = {
  name: 'console',
  sample: '[2024-04-16 05:40:28]  [35312.235923] Mem-Info:',
  isTransport: true,
  decode(line) {
    if (!CLOCK.test(line.slice(0, 16))) return null
    const stamp = readIsoTime(line.slice(1))
    const end = stamp && ZONE_AND_END.exec(line.slice(stamp.end + 1, stamp.end + 12))
    if (!stamp || !end) return null
    const offsetMinutes = stamp.time.offsetMinutes ?? offsetOf(end[1])
    return envelope('console', line.slice(stamp.end + 1 + end[0].length), { time: { ...stamp.time, offsetMinutes } })
  },
}

const PROMPT = /^([A-Za-z\d][\w.-]{0,62}) login: (?=\S)/

/** A kernel message on the same line as a login prompt, which names the machine. */
export const loginPrompt: LogFormat = {
  name: 'console',
  sample: 'stp1-001 login: oom-killer: gfp_mask=0xd2',
  isTransport: true,
  decode(line) {
    const match = PROMPT.exec(line.length > 80 ? line.slice(0, 80) : line)
    return match ? envelope('console', line.slice(match[0].length), { consoleHost: match[1] ?? null }) : null
  },
}

// "kernel: msg" (journalctl -o cat, klogd), "systemd-oomd[4313]: msg" (a paste without times), "web01 kernel: msg", "kern.err kernel: msg"
const TAG =
  /^(?:(?:[a-z]{2,8}\d?\.[a-z]{3,7} |([A-Za-z\d][\w.-]{0,62}) (?=kernel: ))?(kernel|earlyoom|nohang|systemd|systemd-oomd|oomd|kubelet|dockerd|containerd): ?|([\w.@-]{2,40})\[(\d{1,10})\]: )/

/** A line that begins with the program's name. */
export const tagged: LogFormat = {
  name: 'bare',
  sample: 'kernel: Mem-Info:',
  decode(line) {
    const match = TAG.exec(line.length > 130 ? line.slice(0, 130) : line)
    if (!match) return null
    const [whole, host, known, program, pid] = match
    return envelope('bare', line.slice(whole.length), {
      host: host ?? null,
      program: known ?? program ?? null,
      pid: pid === undefined ? null : Number(pid),
    })
  },
}
