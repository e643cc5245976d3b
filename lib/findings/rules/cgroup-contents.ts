import { readCharged } from '@/lib/findings/charged'
import { limitHit } from '@/lib/findings/limit-hit'
import { type FindingRule, finding, isMemcgCase, lineIn } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

/** What the cgroup's memory was: its programs' own, shared, or the kernel's. */
export const cgroupContents: FindingRule = {
  codes: ['cgroup-anon', 'cgroup-shmem', 'cgroup-kernel', 'cgroup-cache'],
  tells: 'holder',
  find(_facts, incident) {
    const charged = incident.main ? readCharged(incident.main.report) : null
    if (!incident.main || !charged || !isMemcgCase(incident)) return null
    const lines = [lineIn(incident.main.report.lines.source, charged.line)]
    const { dominant, anonKib: anon, fileKib: file } = charged
    if (dominant?.what === 'shmem') {
      const detail = message('cgroup-shmem.detail', { shmem: dominant.kib, share: dominant.share })
      return finding('cgroup-shmem', message('cgroup-shmem', {}), detail, lines)
    }
    if (dominant?.what === 'kernel') {
      const detail = message('cgroup-kernel.detail', { kernel: dominant.kib, share: dominant.share })
      return finding('cgroup-kernel', message('cgroup-kernel', {}), detail, lines)
    }
    if (dominant?.what === 'file') {
      const detail = message('cgroup-cache.detail', { cache: dominant.kib, share: dominant.share })
      return finding('cgroup-cache', message('cgroup-cache', {}), detail, lines)
    }
    // A limit on kernel memory is reached by none of the programs' own.
    const memcg = incident.main.report.memcg
    if (memcg && limitHit(memcg)?.what === 'kmem') return null
    if (anon === null || file === null || anon <= file) return null
    return finding('cgroup-anon', message('cgroup-anon', {}), message('cgroup-anon.detail', { anon, file }), lines)
  },
}
