import { type FindingRule, finding } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

/** Docker, containerd or the kubelet tell of an out-of-memory container, and nothing else does. */
export const consequenceOnly: FindingRule = {
  codes: ['consequence-only'],
  tells: 'cause',
  find(facts) {
    if (facts.kills.length > 0 || facts.reports.length > 0) return null
    const told = facts.events.filter((event) => event.kind === 'container-oom')
    const [first] = told
    if (!first) return null
    const container = first.detail.container ?? first.detail.name ?? null
    const detail = message('consequence-only.detail', { container })
    const lines = told.map((event) => event.lines)
    return finding('consequence-only', message('consequence-only', {}), detail, lines, { confidence: 'medium' })
  },
}
