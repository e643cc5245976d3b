import { type FindingRule, finding, isMemcgCase, lineIn } from '@/lib/findings/rule'
import type { Finding } from '@/lib/incidents/incident'
import type { LineRange } from '@/lib/logs/source'
import { message } from '@/lib/text/catalogue'

/** Shared or kernel memory explains the limit from this share of it. */
const LARGE = 0.3

/** What the cgroup's memory was: its programs' own, shared, or the kernel's. `Memory cgroup stats` of v1 and v2. */
export const cgroupContents: FindingRule = {
  codes: ['cgroup-anon', 'cgroup-shmem', 'cgroup-kernel'],
  tells: 'holder',
  find(_facts, incident): Finding | null {
    const memcg = incident.main?.report.memcg
    if (!incident.main || !memcg || memcg.statsLine === null || !isMemcgCase(incident)) return null
    const { stats } = memcg
    const limit = memcg.memory?.limitKib ?? null
    const kib = (...names: string[]) => {
      const name = names.find((known) => stats[known] !== undefined)
      return name === undefined ? null : (stats[name] ?? 0) / 1024
    }
    const lines: LineRange[] = [lineIn(incident.main.report.lines.source, memcg.statsLine)]
    const shmem = kib('total_shmem', 'shmem')
    const anon = kib('anon', 'total_rss', 'rss')
    const file = kib('file', 'total_cache', 'cache')
    const kernel = kib('kernel') ?? memcg.kmem?.usageKib ?? null
    if (shmem !== null && limit && shmem >= limit * LARGE && shmem > (anon ?? 0)) {
      const detail = message('cgroup-shmem.detail', { shmem, share: shmem / limit })
      return finding('cgroup-shmem', message('cgroup-shmem', {}), detail, lines)
    }
    if (kernel !== null && limit && kernel >= limit * LARGE && kernel > (anon ?? 0)) {
      const detail = message('cgroup-kernel.detail', { kernel, share: kernel / limit })
      return finding('cgroup-kernel', message('cgroup-kernel', {}), detail, lines)
    }
    if (anon === null || file === null || anon <= file) return null
    return finding('cgroup-anon', message('cgroup-anon', {}), message('cgroup-anon.detail', { anon, file }), lines)
  },
}
