import { isFailedAllocation } from '@/lib/findings/cause'
import { type FindingRule, finding } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

/** A "page allocation failure" without any kill or OOM report. */
export const notOom: FindingRule = {
  codes: ['not-oom'],
  tells: 'cause',
  find(facts, incident) {
    if (facts.kills.length > 0 || incident.readings.some((reading) => !isFailedAllocation(facts, reading))) return null
    const failure = facts.events.find((event) => event.kind === 'allocation-failure')
    if (!failure) return null
    const { comm, order } = failure.detail
    const detail = message('not-oom.detail', { comm: comm ?? 'A task', order: order ?? null })
    return finding('not-oom', message('not-oom', {}), detail, [failure.lines])
  },
}
