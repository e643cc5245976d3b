import { mergeLines, shareOf } from '@/lib/findings/figure'
import { type FindingRule, finding, type IncidentCase, isMemcgCase } from '@/lib/findings/rule'
import { carriersOf } from '@/lib/findings/shortage'
import { message } from '@/lib/text/catalogue'
import type { Message } from '@/lib/text/message'

function headlineWithout(incident: IncidentCase): Message {
  return incident.cause.class === 'exhaustion' ? message('no-swap.exhausted', {}) : message('no-swap', {})
}

/** How much swap was left on the machine: used up and absent are not the same. */
export const swap: FindingRule = {
  codes: ['swap-exhausted', 'swap-nearly-exhausted', 'no-swap', 'swap-mostly-free'],
  tells: 'cause',
  find(_facts, incident) {
    const { main } = incident
    if (!main || isMemcgCase(incident)) return null
    const free = main.swapFree
    const total = main.swapTotal
    const lines = [...(free?.lines ?? []), ...(total?.lines ?? [])]
    const open = carriersOf(incident.shortage?.eligible ?? []).filter((zone) => zone.isShort === false)
    const counterEvidence = mergeLines(open.flatMap((zone) => zone.free.lines))
    switch (main.swap) {
      case 'absent':
        return finding('no-swap', headlineWithout(incident), message('no-swap.detail', { total: 0 }), lines, {
          counterEvidence,
        })
      case 'used-up': {
        const detail = total
          ? message('swap-exhausted.of-total', { free: 0, total: total.kib })
          : message('swap-exhausted.total-unknown', { free: 0 })
        return finding('swap-exhausted', message('swap-exhausted', {}), detail, lines, { counterEvidence })
      }
      case 'nearly-used-up': {
        const params = { free: free?.kib ?? null, total: total?.kib ?? null, share: shareOf(free, total) }
        const detail = message('swap-nearly-exhausted.detail', params)
        return finding('swap-nearly-exhausted', message('swap-nearly-exhausted', {}), detail, lines, {
          counterEvidence,
        })
      }
      case 'mostly-free': {
        const params = { free: free?.kib ?? null, total: total?.kib ?? null, share: shareOf(free, total) }
        return finding(
          'swap-mostly-free',
          message('swap-mostly-free', {}),
          message('swap-mostly-free.detail', params),
          lines,
        )
      }
      default:
        return null
    }
  },
}
