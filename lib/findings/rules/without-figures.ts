import { mergeLines } from '@/lib/findings/figure'
import { constraintLines, type FindingRule, finding, killLines } from '@/lib/findings/rule'
import type { IncidentFacts } from '@/lib/incidents/incident'
import type { LogEvent } from '@/lib/oom/report'
import { message } from '@/lib/text/catalogue'

/** The kernel says that no cgroup limit was the reason, and no figures tell more. */
export const global: FindingRule = {
  codes: ['global'],
  tells: 'cause',
  find(facts, { main }) {
    const kill = facts.kills.find(({ constraint }) => constraint === 'none')
    if (kill?.by !== 'kernel' || kill.pid === null || main?.report.memory) return null
    const detail = message('global.detail', { cgroup: kill.cgroup })
    return finding('global', message('global', {}), detail, mergeLines([...constraintLines(main), ...killLines(kill)]))
  },
}

/** 2.4: failed requests for single pages, by mask. */
export const orderZero: FindingRule = {
  codes: ['order-0'],
  tells: 'cause',
  find(facts, { main }) {
    if (main?.report.memory || facts.kills.length === 0) return null
    const failures = singlePageFailures(facts)
    if (failures.length === 0) return null
    const masks = [...new Set(failures.map((event) => event.detail.gfpMask ?? 'no mask'))].join(', ')
    const lines = mergeLines(failures.map((event) => event.lines))
    return finding('order-0', message('order-0', {}), message('order-0.detail', { masks }), lines)
  },
}

/** 2.4: the task whose page fault failed is the one that dies. */
export const requesterKilled: FindingRule = {
  codes: ['requester-killed'],
  tells: 'victim',
  find(facts, { main }) {
    const failures = singlePageFailures(facts)
    if (main || failures.length === 0) return null
    const kills = facts.kills.filter((kill) => kill.by === 'kernel' && kill.pid === null)
    if (kills.length === 0) return null
    const detail = message('requester-killed.detail', {})
    // Each kill with the failure it follows.
    const before = kills.flatMap(({ lines }) => {
      const failure = failures.findLast((event) => event.lines.source === lines.source && event.lines.to < lines.from)
      return failure ? [failure.lines, lines] : [lines]
    })
    return finding('requester-killed', message('requester-killed', {}), detail, mergeLines(before))
  },
}

/** Kills without any report in the text. */
export const noReport: FindingRule = {
  codes: ['no-report'],
  tells: 'gap',
  find(facts, { main }) {
    if (main?.report.memory || main?.report.memcg || main?.report.tasks) return null
    const kernels = facts.kills.filter((kill) => kill.by === 'kernel' && kill.anonRssKib === null)
    if (kernels.length === 0) return null
    const lines = mergeLines([
      ...kernels.map((kill) => kill.lines),
      ...singlePageFailures(facts).map(({ lines }) => lines),
    ])
    return finding('no-report', message('no-report', {}), message('no-report.detail', {}), lines)
  },
}

function singlePageFailures(facts: IncidentFacts): LogEvent[] {
  return facts.events.filter((event) => event.kind === 'allocation-failure' && event.detail.order === 0)
}
