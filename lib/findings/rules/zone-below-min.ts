import { mergeLines } from '@/lib/findings/figure'
import { type FindingRule, finding, isMemcgCase } from '@/lib/findings/rule'
import { freeOf } from '@/lib/findings/shortage'
import type { ZoneReading } from '@/lib/findings/zones'
import type { Finding } from '@/lib/incidents/incident'
import { message } from '@/lib/text/catalogue'

/** The other zone holds this much of all free memory: the free figure of the machine misleads. */
const TRAPPED = 0.8

/** A zone that the request may use was under its minimum, or closed to it by the reserve for others. */
export const zoneBelowMin: FindingRule = {
  codes: ['zone-below-min', 'zone-closed'],
  tells: 'cause',
  find(_facts, incident) {
    const { main, shortage } = incident
    if (!main || !shortage || isMemcgCase(incident) || incident.cause.decided.by === 'fragmentation') return null
    const size = (zone: ZoneReading) => zone.zone.managedKib ?? zone.zone.presentKib ?? 0
    const bySize = [...shortage.eligible].sort((a, b) => size(b) - size(a))
    const under = bySize.find((zone) => zone.isUnderMin)
    // Where memory was free out of reach, another finding says how much and where.
    const isSaid = incident.cause.class === 'zone'
    if (under) return belowMin(under, isSaid ? [under] : shortage.zones, main.free)
    const closed = bySize.find((zone) => zone.isClosed === true)
    // A small zone kept for requests of its own is the normal state while a larger one is open.
    if (!closed || shortage.isEveryZoneClosed !== true) return null
    const params = {
      zone: closed.name,
      free: closed.free.kib,
      min: closed.zone.minKib,
      reserve: (closed.floorKib ?? 0) - (closed.zone.minKib ?? 0),
    }
    const lines = mergeLines(closed.free.lines)
    return finding(
      'zone-closed',
      message('zone-closed', { zone: closed.name }),
      message('zone-closed.detail', params),
      lines,
    )
  },
}

function belowMin(under: ZoneReading, zones: ZoneReading[], free: { kib: number; lines: Finding['evidence'] } | null) {
  const code = 'zone-below-min'
  const total = free ?? freeOf(zones)
  const other = zones.filter((zone) => zone !== under).sort((a, b) => b.free.kib - a.free.kib)[0]
  if (under.free.kib >= (under.zone.minKib ?? 0)) {
    const kept = under.free.kib - under.countedFreeKib
    const params = {
      zone: under.name,
      free: under.free.kib,
      kept,
      counted: under.countedFreeKib,
      min: under.zone.minKib,
    }
    return finding(
      code,
      message('zone-below-min.kept', {}),
      message('zone-below-min.kept-detail', params),
      under.free.lines,
    )
  }
  if (other && other.free.kib > under.free.kib && other.free.kib >= total.kib * TRAPPED) {
    const params = {
      total: total.kib,
      otherFree: other.free.kib,
      share: other.free.kib / total.kib,
      other: other.name,
      zone: under.name,
      free: under.free.kib,
      min: under.zone.minKib,
    }
    const lines = mergeLines([...total.lines, ...other.free.lines, ...under.free.lines])
    const headline = message('zone-below-min.trapped', { other: other.name })
    return finding(code, headline, message('zone-below-min.trapped-detail', params), lines)
  }
  const params = { free: under.free.kib, min: under.zone.minKib }
  const headline = message('zone-below-min', { zone: under.name })
  return finding(code, headline, message('zone-below-min.detail', params), under.free.lines)
}
