import { gapMs } from '@/lib/logs/dating'
import type { OomReader, OomSource } from '@/lib/oom/source'

// "Killed /user.slice/…/x.scope due to memory pressure for /user.slice/… being 86.80% > 50.00% for > 20s with reclaim activity"
// "Killed /a due to memory used (1) / total (2) and swap used (3) / total (4) being more than 90.00%"
const KILLED = /^(?:Killed|Marked) (\/\S+)(?: for killing)? due to ((?:memory|swap) .+)$/
const CONSIDERED = /^Considered \d+ cgroups? for killing/
const FAILED = /^(?:Failed to (?:kill|select) any cgroup|Failed to kill any)/
const CANDIDATE =
  /^(?:Path: \/|Memory Pressure Limit: |Pressure: Avg10|Current Memory Usage: |Memory Min: |Memory Low: |Pgscan: |Last Pgscan: |Swap Usage: )/
// v247 and v248 print no kill, only why they are about to
const PRESSURE = /^(?:Memory pressure for \S+ is (?:greater than|above)|Swap used .+ is more than )/

/** systemd-oomd kills whole control groups by pressure (PSI) or swap use. systemd src/oom/oomd-manager.c */
export const systemdOomd: OomSource = {
  name: 'systemd-oomd',
  sample:
    'Killed /user.slice/a.scope due to memory pressure for /user.slice being 71.20% > 50.00% for > 20s with reclaim activity',
  open(facts): OomReader {
    return {
      read(entry) {
        if (entry.program !== null && entry.program !== 'systemd-oomd') return null
        const text = entry.message.trim().replace(/\s+/g, ' ')
        const killed = KILLED.exec(text)
        if (killed) {
          const cgroup = killed[1] ?? null
          const last = facts.kills.at(-1)
          const isSame =
            last?.kill.by === 'systemd-oomd' && last.kill.cgroup === cgroup && last.bootKey === entry.bootKey
          if (isSame && ((last.wasMarked && text.startsWith('Killed')) || gapMs(last.moment, entry.moment) === 0)) {
            last.kill.echoes.push({ source: facts.source, from: entry.from, to: entry.to })
            return 'recognised'
          }
          const record = facts.addKill(entry, 'systemd-oomd', { cgroup, reason: killed[2] ?? null })
          record.wasMarked = text.startsWith('Marked')
          return 'recognised'
        }
        if (CONSIDERED.test(text) || FAILED.test(text) || PRESSURE.test(text)) {
          facts.addEvent(entry, 'low-memory', 'sign', { by: 'systemd-oomd' })
          return 'recognised'
        }
        return CANDIDATE.test(text) ? 'context' : null
      },
    }
  },
}
