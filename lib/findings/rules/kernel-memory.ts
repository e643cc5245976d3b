import type { KernelPart } from '@/lib/findings/balance'
import { kernelFigure } from '@/lib/findings/balance'
import { difference, mergeLines, sum } from '@/lib/findings/figure'
import { type FindingRule, finding, isMemcgCase, killLines, nameOf } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

/** From these shares of usable RAM a part of the kernel's memory is worth saying. */
const WORTH_SAYING: Record<KernelPart, number> = {
  'slab-unreclaimable': 0.15,
  'slab-reclaimable': 0.3,
  slab: 0.3,
  'kernel-stacks': 0.05,
  'page-tables': 0.05,
  unaccounted: 0.2,
}

const CODES = {
  'slab-unreclaimable': 'slab-unreclaimable',
  'slab-reclaimable': 'slab-reclaimable',
  slab: 'slab',
  'kernel-stacks': 'kernel-stack',
  'page-tables': 'page-tables',
  unaccounted: 'memory-unaccounted',
} as const

function rule(part: KernelPart): FindingRule {
  const code = CODES[part]
  return {
    codes: [code],
    tells: 'holder',
    find(_facts, incident) {
      const { balance, main } = incident
      const held = balance?.kernelParts.find(({ name }) => name === part)
      if (!balance || !main || !held || held.share < WORTH_SAYING[part] || isMemcgCase(incident)) return null
      const lines = mergeLines([...held.figure.lines, ...balance.usable.lines])
      const sizes = { size: held.figure.kib, usable: balance.usable.kib }
      const headline = message(code, { share: held.share })
      // What programs hold speaks against the kernel as the cause when it is nearly as much.
      const counterEvidence = (balance.ownShare ?? 0) >= held.share / 2 ? (balance.own?.lines ?? []) : []
      if (code !== 'memory-unaccounted') {
        return finding(code, headline, message(`${code}.detail`, sizes), lines, { counterEvidence })
      }
      const known = difference(balance.usable, held.figure)?.kib ?? null
      return finding(code, headline, message('memory-unaccounted.detail', { ...sizes, known }), lines, {
        counterEvidence,
      })
    },
  }
}

/** Slab, kernel stacks, page tables and memory in no figure: one rule each. */
export const kernelMemory: FindingRule[] = [
  rule('slab-unreclaimable'),
  rule('slab-reclaimable'),
  rule('slab'),
  rule('kernel-stacks'),
  rule('page-tables'),
  rule('unaccounted'),
]

/** Processes held little while the kernel held much. */
export const processesSmall: FindingRule = {
  codes: ['processes-small'],
  tells: 'holder',
  find(_facts, incident) {
    const { balance, main, cause } = incident
    if (!balance || !main || cause.class !== 'kernel-memory') return null
    const [kill] = main.kills
    const held = main.lru ?? sum(main.anon, main.file)
    if (!held || held.kib >= balance.usable.kib * 0.25) return null
    const params = {
      size: held.kib,
      share: held.kib / balance.usable.kib,
      usable: balance.usable.kib,
      victim: kill ? nameOf(kill) : null,
    }
    const killed = kill ? killLines(kill) : []
    const lines = mergeLines([...held.lines, ...(kernelFigure(balance)?.lines ?? []), ...killed])
    return finding('processes-small', message('processes-small', {}), message('processes-small.detail', params), lines)
  },
}

/** The largest caches of `Unreclaimable slab info`. */
export const slabCaches: FindingRule = {
  codes: ['slab-caches'],
  tells: 'holder',
  find(_facts, { main }) {
    const largest = [...(main?.report.slabs ?? [])].sort((a, b) => b.totalKib - a.totalKib).slice(0, 3)
    if (!main || largest.length === 0) return null
    const caches = largest.map(({ name, totalKib }) => `${name} ${totalKib.toLocaleString('en-US')} kB`).join(', ')
    const source = main.report.lines.source
    const lines = largest.map(({ line }) => ({ source, from: line, to: line }))
    return finding(
      'slab-caches',
      message('slab-caches', {}),
      message('slab-caches.detail', { caches }),
      mergeLines(lines),
    )
  },
}
