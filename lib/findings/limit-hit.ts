import type { MemcgCounter, MemcgInfo } from '@/lib/oom/report'

/** A counter this near its limit is the one that was hit; the charge that failed did not fit in the rest. */
const AT_LIMIT = 0.98

/** The counter that the group ran into. `below`: its memory, which had some room again when the report was written. */
export interface LimitHit {
  what: 'memory' | 'memory-swap' | 'kmem' | 'below'
  counter: MemcgCounter
}

/**
 * The counter at its limit. Memory and swap come before memory when requests were refused there: then swap was no way
 * out any more.
 */
export function limitHit(memcg: MemcgInfo): LimitHit | null {
  const { memory, memorySwap, kmem } = memcg
  if (memorySwap && memorySwap.failcnt > 0 && isAtLimit(memorySwap)) return { what: 'memory-swap', counter: memorySwap }
  if (memory && isAtLimit(memory)) return { what: 'memory', counter: memory }
  if (kmem && isAtLimit(kmem)) return { what: 'kmem', counter: kmem }
  return memory?.limitKib ? { what: 'below', counter: memory } : null
}

function isAtLimit({ usageKib, limitKib }: MemcgCounter): boolean {
  return limitKib !== null && limitKib > 0 && usageKib >= limitKib * AT_LIMIT
}
