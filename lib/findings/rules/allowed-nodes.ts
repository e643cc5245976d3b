import { mergeLines } from '@/lib/findings/figure'
import { constraintLines, type FindingRule, finding, firstLine, killLines } from '@/lib/findings/rule'
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
    const lines = [...constraintLines(main), ...(kill ? killLines(kill) : main ? [firstLine(main)] : [])]
    return finding(code, message(code, {}), message(`${code}.detail`, {}), mergeLines(lines))
  },
}
