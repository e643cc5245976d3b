import { lastSampleBefore } from '@/lib/findings/last-sample'
import { type FindingRule, finding, isMemcgCase } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

/** Samples shortly before the first kill show memory and swap used up. */
export const lastSample: FindingRule = {
  codes: ['last-sample'],
  tells: 'cause',
  find(facts, incident) {
    const last = lastSampleBefore(facts, incident.context.samples ?? [])
    if (!last?.isUsedUp || isMemcgCase(incident)) return null
    const hasSwap = last.swapTotalKib !== null && last.swapTotalKib > 0
    const detail = message('last-sample.detail', {
      available: last.availableKib,
      total: last.totalKib,
      swapFree: hasSwap ? last.swapFreeKib : null,
      swapTotal: hasSwap ? last.swapTotalKib : null,
    })
    return finding('last-sample', message('last-sample', {}), detail, [], { sampled: { from: last.at, to: last.at } })
  },
}
