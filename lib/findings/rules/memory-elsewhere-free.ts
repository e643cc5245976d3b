import { mergeLines, shareOf } from '@/lib/findings/figure'
import { type FindingRule, finding } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

/** The machine had free memory although the allowed nodes had none. */
export const memoryElsewhereFree: FindingRule = {
  codes: ['memory-elsewhere-free'],
  tells: 'cause',
  find(_facts, { cause, main }) {
    if (cause.decided.by !== 'allowed-nodes' || cause.decided.binding.from !== 'printed') return null
    if (!main?.free || !main.ram) return null
    const params = { free: main.free.kib, share: shareOf(main.free, main.ram) }
    const lines = mergeLines([...main.free.lines, ...main.ram.lines])
    const detail = message('memory-elsewhere-free.detail', params)
    return finding('memory-elsewhere-free', message('memory-elsewhere-free', {}), detail, lines)
  },
}
