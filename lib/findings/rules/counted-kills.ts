import { type FindingRule, finding } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

/** The kernel's counter of kills rose and nothing of its log has come: who died and why is still on the host. */
export const countedKills: FindingRule = {
  codes: ['counted-kills'],
  tells: 'cause',
  find(facts, { context }) {
    if (facts.kills.length > 0 || facts.reports.length > 0) return null
    const told = facts.events.filter((event) => event.kind === 'kill-counted')
    const [first] = told
    if (!first) return null
    const count = told.reduce((sum, event) => sum + Number(event.detail.count ?? 0), 0)
    const since = String(first.detail.since ?? '')
    const until = String(told.at(-1)?.detail.until ?? '')
    const host = context.hostname ?? first.host
    return finding(
      'counted-kills',
      message('counted-kills', { count }),
      message('counted-kills.detail', { since, until, host }),
      told.map((event) => event.lines),
    )
  },
}
