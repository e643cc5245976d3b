import { mergeLines } from '@/lib/findings/figure'
import { limitHit } from '@/lib/findings/limit-hit'
import { constraintLines, type FindingRule, finding, isMemcgCase, killLines, lineIn } from '@/lib/findings/rule'
import { shortCgroup } from '@/lib/incidents/cgroup-path'
import { message } from '@/lib/text/catalogue'
import type { Message } from '@/lib/text/message'

/** Which limit of the cgroup was hit, and how large it is. */
export const cgroupLimit: FindingRule = {
  codes: ['cgroup-limit-hit'],
  tells: 'cause',
  find(facts, incident) {
    if (!isMemcgCase(incident) || (facts.kills.length === 0 && facts.reports.length === 0)) return null
    const { main } = incident
    const kill = facts.kills.find(({ constraint }) => constraint === 'memcg')
    const memcg = main?.report.memcg ?? null
    const path = memcg?.limitPath ?? kill?.limitCgroup ?? null
    const cgroup = path === null ? null : shortCgroup(path)
    const source = main?.report.lines.source ?? ''
    const named = [...constraintLines(main), ...(kill ? killLines(kill) : [])]
    const hit = memcg ? limitHit(memcg) : null
    const code = 'cgroup-limit-hit'
    if (!hit) {
      const detail =
        cgroup === null ? message('cgroup-limit-hit.unnamed', {}) : message('cgroup-limit-hit.unknown', { cgroup })
      return finding(code, message(code, {}), detail, [...named, ...(main ? [main.report.lines] : [])])
    }
    const { usageKib: usage, limitKib: limit, failcnt, line } = hit.counter
    const params = { usage, limit, failcnt, cgroup }
    const detail: Message =
      hit.what === 'below' ? message('cgroup-limit-hit.below', params) : message(`cgroup-limit-hit.${hit.what}`, params)
    return finding(code, message(code, {}), detail, mergeLines([lineIn(source, line), ...named]))
  },
}

/** The limit that was hit is not the victim's own group's but one above it. */
export const cgroupParent: FindingRule = {
  codes: ['cgroup-parent'],
  tells: 'cause',
  find(facts, incident) {
    if (!isMemcgCase(incident)) return null
    const memcg = incident.main?.report.memcg
    const kill = facts.kills.find(({ constraint }) => constraint === 'memcg')
    const limit = memcg?.limitPath ?? kill?.limitCgroup ?? null
    const victim = memcg?.victimPath ?? kill?.cgroup ?? null
    if (limit === null || victim === null || !victim.startsWith(`${limit.replace(/\/$/, '')}/`)) return null
    const lines = mergeLines([...constraintLines(incident.main), ...(kill ? killLines(kill) : [])])
    return finding(
      'cgroup-parent',
      message('cgroup-parent', {}),
      message('cgroup-parent.detail', { limit, victim }),
      lines,
    )
  },
}
