import type { OomReader, OomSource } from '@/lib/oom/source'

// "oomd kill: 10.00 60.00 600.00 workload.slice/x.service 1999 ruleset:[…] detectorgroup:[…] killer:kill_by_pressure v2"
const KILL = /^oomd kill: (?:\d+(?:\.\d+)? ){1,6}(\S+) ?(.*)$/

/** Meta's oomd kills control groups and tells the kernel log. oomd src/oomd/plugins/BaseKillPlugin.cpp */
export const oomd: OomSource = {
  name: 'oomd',
  sample: 'oomd kill: 81.28 80.05 42.78 workload.slice/build.scope 1000 ruleset:[protection]',
  open(facts): OomReader {
    return {
      read(entry) {
        if (entry.program !== null && entry.program !== 'kernel' && entry.program !== 'oomd') return null
        const text = entry.message.trim()
        const kill = KILL.exec(text)
        if (!kill) return null
        facts.addKill(entry, 'oomd', { cgroup: kill[1] ?? null, reason: kill[2] === '' ? null : (kill[2] ?? null) })
        return 'recognised'
      },
    }
  },
}
