import { isOfContainer } from '@/lib/findings/cause'
import { type FindingRule, finding } from '@/lib/findings/rule'
import { shortCgroup } from '@/lib/incidents/cgroup-path'
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
    const { name, container, cgroup, comm, pid, part, namespace } = first.detail
    const id = container ?? cgroup ?? null
    const group = typeof id === 'string' ? shortCgroup(id) : null
    const params = {
      name: name ?? group,
      part: part === name ? null : (part ?? null),
      namespace: namespace ?? null,
      comm: comm ?? null,
      pid: pid ?? null,
    }
    const detail = message('consequence-only.detail', params)
    const lines = told.map((event) => event.lines)
    const headline = isOfContainer(first) ? message('consequence-only', {}) : message('consequence-only.machine', {})
    return finding('consequence-only', headline, detail, lines, { confidence: 'medium' })
  },
}
