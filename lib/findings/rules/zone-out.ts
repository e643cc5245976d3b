import { mergeLines } from '@/lib/findings/figure'
import { type FindingRule, finding, firstLine } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'

/** The zones that the request may use were out while others, barred to it, had memory: low memory of 32 bit, DMA. */
export const zoneOut: FindingRule = {
  codes: ['zone-out'],
  tells: 'cause',
  find(_facts, incident) {
    const { cause, main } = incident
    if (!main || cause.decided.by !== 'zone') return null
    const { zone, elsewhere } = cause.decided
    const params = {
      mask: main.report.gfpMask,
      elsewhere: elsewhere.kib,
      zone: zone.name,
      free: zone.free.kib,
      floor: zone.floorKib,
    }
    const lines = mergeLines([firstLine(main), ...zone.free.lines, ...elsewhere.lines])
    return finding('zone-out', message('zone-out', {}), message('zone-out.detail', params), lines)
  },
}
