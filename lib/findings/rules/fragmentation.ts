import { failureBeside } from '@/lib/findings/cause'
import { mergeLines } from '@/lib/findings/figure'
import { type FindingRule, finding, firstLine } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

/** Free memory was there, but not in one piece of the size asked for. */
export const fragmentation: FindingRule = {
  codes: ['fragmentation'],
  tells: 'cause',
  find(facts, { cause, main, shortage }) {
    const found = shortage?.fragmentation
    if (found && main && cause.class === 'fragmentation') {
      const params = {
        order: found.order,
        block: found.blockKib,
        zone: found.zone.name,
        free: found.zone.free.kib,
      }
      const detail =
        found.inBlocksKib === 0
          ? message('fragmentation.none', params)
          : message('fragmentation.detail', { ...params, inBlocks: found.inBlocksKib })
      const failure = failureBeside(facts, main)
      const lines = mergeLines([failure?.lines ?? firstLine(main), ...found.lines])
      return finding('fragmentation', message('fragmentation', {}), detail, lines)
    }
    if (cause.class !== 'fragmentation') return null
    const failure = facts.events.find(({ kind, detail }) => kind === 'allocation-failure' && Number(detail.order) > 0)
    if (!failure) return null
    const detail = message('fragmentation.event-detail', { order: Number(failure.detail.order) })
    const headline = message('fragmentation.event', {})
    return finding('fragmentation', headline, detail, [failure.lines], { confidence: 'medium' })
  },
}
