import { type FindingRule, finding, firstLine } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

/** A cpuset or memory policy allowed only some NUMA nodes. */
export const allowedNodes: FindingRule = {
  codes: ['constraint-memory-policy', 'constraint-cpuset'],
  tells: 'cause',
  find(facts, { main }) {
    const kill = facts.kills.find(({ constraint }) => constraint === 'cpuset' || constraint === 'memory-policy')
    const constraint = kill?.constraint ?? main?.report.constraint
    if (constraint !== 'cpuset' && constraint !== 'memory-policy') return null
    const code = `constraint-${constraint}` as const
    const lines = kill ? [kill.lines] : main ? [firstLine(main)] : []
    return finding(code, message(code, {}), message(`${code}.detail`, {}), lines)
  },
}
