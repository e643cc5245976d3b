import { mergeLines, shareOf } from '@/lib/findings/figure'
import { type FindingRule, finding, isMemcgCase } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

const WORTH_SAYING = 0.15

/** tmpfs and shared memory. */
export const shmem: FindingRule = {
  codes: ['shmem'],
  tells: 'holder',
  find(_facts, incident) {
    const part = incident.balance?.shmem
    if (!incident.balance || !part || part.share < WORTH_SAYING || isMemcgCase(incident)) return null
    const params = { size: part.figure.kib, usable: incident.balance.usable.kib }
    const lines = mergeLines([...part.figure.lines, ...incident.balance.usable.lines])
    return finding('shmem', message('shmem', { share: part.share }), message('shmem.detail', params), lines)
  },
}

/** Memory reserved for huge pages, used or not. */
export const hugepages: FindingRule = {
  codes: ['hugepages'],
  tells: 'holder',
  find(_facts, incident) {
    const part = incident.balance?.hugePages
    const pools = incident.main?.report.memory?.hugePages ?? []
    if (!incident.balance || !part || part.share < WORTH_SAYING || isMemcgCase(incident)) return null
    const unused = pools.reduce((total, pool) => total + pool.free * pool.sizeKib, 0)
    const params = { size: part.figure.kib, usable: incident.balance.usable.kib, unused }
    const lines = mergeLines([...part.figure.lines, ...incident.balance.usable.lines])
    return finding('hugepages', message('hugepages', { share: part.share }), message('hugepages.detail', params), lines)
  },
}

/** Locked memory. */
export const unevictable: FindingRule = {
  codes: ['unevictable'],
  tells: 'holder',
  find(_facts, incident) {
    const { main, balance } = incident
    const share = shareOf(main?.unevictable ?? null, balance?.usable ?? null)
    if (!main?.unevictable || !balance || share === null || share < WORTH_SAYING || isMemcgCase(incident)) return null
    const params = { size: main.unevictable.kib, usable: balance.usable.kib }
    const lines = mergeLines([...main.unevictable.lines, ...balance.usable.lines])
    return finding('unevictable', message('unevictable', { share }), message('unevictable.detail', params), lines)
  },
}
