import type { OomReader, OomSource } from '@/lib/oom/source'

const STATUS = /^Memory status that requires corrective actions:/
const THRESHOLD = /^(?:MemAvailable|SwapFree|MemUsedZram) \[|^PSI avg/
// "PID: 903309, name: mysqld, badness: 849", "PID: 12297, Name: tail, badness: 727"
const CHOSEN = /^PID: (\d{1,10}), [Nn]ame: (.+), badness: (\d{1,6})/
const CACHED = /^New victim is cached victim (\d{1,10}) \((.+)\)$/
const FIELD =
  /^(Name|PID|UID|EUID|Badness|oom_score|oom_score_adj|VmRSS|Cgroup[ _]v2|CGroup_v2|Command|Cmdline|State|PPID|NSpid|Ancestry|Exe realpath|Cwd realpath|VmSize|RssAnon|RssFile|RssShmem|VmSwap|Lifetime|Realpath): +(.*)$/
// "Sending SIGTERM to the victim", "Send SIGKILL to the victim; total response time: 13 ms", "Run the command: kill -TERM 12297"
const ACTION = /^(?:Send(?:ing)? SIG(?:TERM|KILL) to the victim|(?:Run|Executing) the command: )/
const CONTEXT =
  /^(?:>>|<<|Found \d+ (?:tasks|processes)|TOP[ -]|Name +PID|-{5,}|\S+ +\d+ +\d+$|Recheck memory|Implement(?:ing)? a corrective action|OK[;.]|The victim|Memory (?:status|info|pressure)|total=|swap_total=|some avg|full avg|Victim |Process with highest|Total (?:stat|response)|victim_cache|Exit status|\[ OK \])/

interface Victim {
  pid: number
  comm: string
  score: number | null
  uid: number | null
}

/** nohang, a daemon that prints a block for each action: thresholds, candidates, victim, signal. nohang src/nohang */
export const nohang: OomSource = {
  name: 'nohang',
  sample: '  Sending SIGTERM to the victim',
  open(facts): OomReader {
    /** What the open block has said, by host and boot. */
    const blocks = new Map<string, { victim: Victim | null; reason: string }>()

    return {
      read(entry) {
        const isNamed = entry.program === 'nohang' || entry.program === 'nohang-desktop'
        if (entry.program !== null && !isNamed) return null
        const text = entry.message.trim()
        const block = blocks.get(entry.bootKey)
        if (STATUS.test(text)) {
          // The levels are checked twice before a signal is sent: one event, and the victim of the first check stands.
          if (!block) facts.addEvent(entry, 'low-memory', 'sign', { by: 'nohang' })
          blocks.set(entry.bootKey, { victim: block?.victim ?? null, reason: '' })
          return 'recognised'
        }
        if (!block) return isNamed ? 'context' : null
        if (THRESHOLD.test(text)) {
          block.reason = block.reason === '' ? text : `${block.reason}; ${text}`
          return 'recognised'
        }
        const chosen = CHOSEN.exec(text) ?? CACHED.exec(text)
        if (chosen) {
          const score = chosen[3] === undefined ? null : Number(chosen[3])
          block.victim = { pid: Number(chosen[1]), comm: chosen[2] ?? '', score, uid: null }
          return 'recognised'
        }
        const field = FIELD.exec(text)
        if (field) {
          readField(block, field[1] ?? '', field[2] ?? '')
          return 'context'
        }
        if (ACTION.test(text)) {
          const { victim, reason } = block
          if (victim) facts.addKill(entry, 'nohang', { ...victim, reason: reason === '' ? null : reason })
          blocks.delete(entry.bootKey)
          return 'recognised'
        }
        return isNamed || CONTEXT.test(text) ? 'context' : null
      },
    }
  },
}

function readField(block: { victim: Victim | null }, name: string, value: string): void {
  if (!block.victim) return
  if (name === 'PID' && /^\d{1,10}$/.test(value)) block.victim.pid = Number(value)
  else if (name === 'Name') block.victim.comm = value
  else if ((name === 'UID' || name === 'EUID') && /^\d{1,10}$/.test(value)) block.victim.uid = Number(value)
}
