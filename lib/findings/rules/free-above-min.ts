import { shareOf } from '@/lib/findings/figure'
import { type FindingRule, finding, isMemcgCase } from '@/lib/findings/rule'
import { freeOf } from '@/lib/findings/shortage'
import type { ZoneReading } from '@/lib/findings/zones'
import { message } from '@/lib/text/catalogue'
import { formatKib } from '@/lib/units'

/** Every zone was above its min: the figures show no reason for a kill, or (by hand) that none was needed. */
export const freeAboveMin: FindingRule = {
  codes: ['free-above-min', 'memory-free'],
  tells: 'cause',
  find(_facts, incident) {
    const { main, shortage, cause } = incident
    if (!main || !shortage || isMemcgCase(incident)) return null
    const judged = shortage.zones.filter((zone) => zone.zone.minKib !== null)
    if (judged.length === 0 || judged.length !== shortage.zones.length) return null
    if (judged.some((zone) => zone.isUnderMin)) return null
    const lines = freeOf(judged).lines
    const zones = inWords(judged)
    if (cause.class === 'manual' && main.free) {
      const params = { free: main.free.kib, share: shareOf(main.free, main.ram), zones }
      const evidence = [...main.free.lines, ...lines]
      return finding('memory-free', message('memory-free', {}), message('memory-free.detail', params), evidence)
    }
    const isExplained = cause.class !== 'exhaustion' && cause.class !== 'unknown'
    const isPlainRequest = !shortage.isEveryZoneClosed
    if (isExplained || !isPlainRequest) return null
    return finding('free-above-min', message('free-above-min', {}), message('free-above-min.detail', { zones }), lines)
  },
}

function inWords(zones: ZoneReading[]): string {
  return zones
    .map(({ name, free, zone }) => `${name} ${formatKib(free.kib)} > ${formatKib(zone.minKib ?? 0)}`)
    .join(', ')
}
