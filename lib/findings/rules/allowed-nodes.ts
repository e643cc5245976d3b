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
    const told = main?.report.nodes ?? null
    const nodes = constraint === 'cpuset' ? (told?.mems ?? null) : (told?.nodemask ?? null)
    const cpuset = told?.cpuset === '/' ? null : (told?.cpuset ?? null)
    const detail =
      constraint === 'cpuset'
        ? message('constraint-cpuset.detail', { nodes, cpuset })
        : message('constraint-memory-policy.detail', { nodes })
    return finding(code, message(code, {}), detail, mergeLines(lines))
  },
}

/** The kernel names no constraint, but the zones of some nodes were out and memory was free on the others. */
export const nodeOut: FindingRule = {
  codes: ['node-out'],
  tells: 'cause',
  find(_facts, { main, cause }) {
    if (!main || cause.decided.by !== 'allowed-nodes' || cause.decided.binding.from !== 'shown') return null
    const { nodes, free, lines } = cause.decided.binding
    const told = main.report.nodes ?? null
    const detail = message('node-out.detail', {
      free: free?.kib ?? null,
      flag: (main.report.gfpFlags ?? '').includes('__GFP_THISNODE') ? '__GFP_THISNODE' : null,
      policy: told?.nodemask ?? null,
      cpuset: told?.cpuset === '/' ? null : (told?.cpuset ?? null),
      mems: told?.mems ?? null,
    })
    return finding('node-out', message('node-out', { nodes }), detail, mergeLines([firstLine(main), ...lines]))
  },
}
