import type { KillRecord } from '@/lib/oom/facts'
import type { Claim, Entry, OomReader, OomSource } from '@/lib/oom/source'

const MIB = 1024 * 1024

// "mem avail:  1259 of 64154 MiB ( 1.96%), swap free:    0 of    0 MiB ( 0.00%)"
const AVAILABLE = /^mem avail: *(\d{1,9}) of *(\d{1,9}) MiB.{0,16}, swap free: *(\d{1,9}) of *(\d{1,9}) MiB/
// Before 1.3: "Low memory! mem avail: 9.9%", "Out of memory! avail: 400 MiB < min: 410 MiB"
const LOW = /^(?:low memory!|Out of memory! )/i
// 'sending SIGTERM to process 9994 uid 1000 "x": badness 1181, VmRSS 4568 MiB'; later '… oom_score 712, oom_score_adj 0, VmRSS …'
const SENDING = /^sending SIG(TERM|KILL) to process (\d{1,10})(?: uid (\d{1,10}))? "(.*)": (.*)$/
// 'killing process 27541 "bash" with signal 15: badness 550, VmRSS 7609 MiB'
const KILLING = /^killing process (\d{1,10}) "(.*)" with signal \d+: (.*)$/
// "Killing process 'tail' with signal 15, pid: 24059, badness: 997, VmRSS: 4278 MiB", "Killing process 4711 tail"
const KILLING_OLD = /^Killing process '(.*)' with signal '?\w+'?, pid: (\d{1,10}), (.*)$/
const KILLING_FIRST = /^Killing process (\d{1,10}) (\S.*)$/
const AFTER =
  /^(?:escalating to SIGKILL after|process (?:\d+ )?exited after|process \d+ cmdline|kill (?:\d+ )?failed:|could not find a process to kill)/i
const SETTINGS =
  /^(?:sending SIGTERM when |SIGKILL when |mem total: +\d+ MiB|earlyoom v?\d|Could not lock memory|Memory pressure enabled)/

/** earlyoom, a daemon that signals the process with the largest oom_score before the kernel has to. earlyoom kill.c */
export const earlyoom: OomSource = {
  name: 'earlyoom',
  sample: 'sending SIGTERM to process 9994 uid 1000 "x": badness 1181, VmRSS 4568 MiB',
  open(facts): OomReader {
    let last: KillRecord | null = null

    function addKill(entry: Entry, pid: number, comm: string, uid: number | null, text: string): Claim {
      // A process that ignores SIGTERM is signalled again and again.
      if (last && last.kill.pid === pid && last.kill.comm === comm && last.bootKey === entry.bootKey) {
        last.kill.echoes.push({ source: facts.source, from: entry.from, to: entry.to })
        return 'recognised'
      }
      const score = /(?:badness|oom_score):? (\d{1,6})/.exec(text)
      const adj = /oom_score_adj:? (-?\d{1,5})/.exec(text)
      last = facts.addKill(entry, 'earlyoom', {
        pid,
        comm,
        uid,
        score: score ? Number(score[1]) : null,
        oomScoreAdj: adj ? Number(adj[1]) : null,
        reason: text,
      })
      return 'recognised'
    }

    return {
      read(entry) {
        if (entry.program !== null && entry.program !== 'earlyoom') return null
        const text = entry.message.trim()
        const available = AVAILABLE.exec(text)
        if (available) {
          const [, free, total, swapFree, swapTotal] = available.map(Number)
          facts.addSample(entry, {
            memAvailable: (free ?? 0) * MIB,
            memTotal: (total ?? 0) * MIB,
            swapFree: (swapFree ?? 0) * MIB,
            swapTotal: (swapTotal ?? 0) * MIB,
          })
          return 'recognised'
        }
        if (LOW.test(text)) {
          facts.addEvent(entry, 'low-memory', 'sign', { by: 'earlyoom' })
          return 'recognised'
        }
        const sending = SENDING.exec(text)
        if (sending) {
          const uid = sending[3] === undefined ? null : Number(sending[3])
          return addKill(entry, Number(sending[2]), sending[4] ?? '', uid, text)
        }
        const killing = KILLING.exec(text)
        if (killing) return addKill(entry, Number(killing[1]), killing[2] ?? '', null, text)
        const old = KILLING_OLD.exec(text)
        if (old) return addKill(entry, Number(old[2]), old[1] ?? '', null, text)
        const first = entry.program === 'earlyoom' ? KILLING_FIRST.exec(text) : null
        if (first) return addKill(entry, Number(first[1]), first[2] ?? '', null, text)
        if (AFTER.test(text) && last) {
          last.kill.echoes.push({ source: facts.source, from: entry.from, to: entry.to })
          return 'recognised'
        }
        return SETTINGS.test(text) ? 'context' : null
      },
    }
  },
}
