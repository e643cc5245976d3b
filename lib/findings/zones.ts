import type { Figure } from '@/lib/findings/figure'
import type { BuddyList, OomReport, Zone } from '@/lib/oom/report'
import { type Bytes, type Kib, pagesToKib } from '@/lib/units'

/** One populated zone, judged for the request that could not be met. */
export interface ZoneReading {
  zone: Zone
  /** "Normal"; "Normal (node 1)" where the report prints several nodes. */
  name: string
  free: Figure
  /** Free memory the request may count on: without high-order atomic and (for unmovable requests) CMA blocks. */
  countedFreeKib: Kib
  /** What must stay free for this request: min and the reserve against requests for higher zones. */
  floorKib: Kib | null
  /** May the request take memory here? Null when the mask is not printed. */
  isEligible: boolean | null
  /** Under its own min. */
  isUnderMin: boolean
  /** Under min and reserve: closed to this request. Null when min is not printed. */
  isClosed: boolean | null
  /** Under low and reserve: reclaim was at work on it. Null when the marks are not printed. */
  isShort: boolean | null
  buddies: BuddyList | null
}

// Linux include/linux/gfp_types.h: the lowest four bits choose the zone, in every version since 2.6.15.
const GFP_DMA = 0x01
const GFP_HIGHMEM = 0x02
const GFP_DMA32 = 0x04
const GFP_MOVABLE = 0x08
const GFP_HIGH = 0x20
const GFP_WAIT = 0x10

/** Zones from the lowest up; a request may use its own and every lower one. */
const HEIGHTS: Record<string, number> = { DMA: 0, DMA32: 1, Normal: 2, HighMem: 3, Movable: 4 }

/** The zones of a report that hold memory, in printed order. */
export function readZones(report: OomReport, pageSizeBytes: Bytes): ZoneReading[] {
  const memory = report.memory
  if (!memory) return []
  const height = requestHeight(report.gfpMask)
  const isOneNode = new Set(memory.zones.map((zone) => zone.node)).size <= 1
  return memory.zones.filter(isPopulated).map((zone) => {
    const reserveKib = reserveFor(zone, height, memory.zones, pageSizeBytes)
    const countedFreeKib = zone.freeKib - keptFrom(report.gfpMask, zone)
    const floorKib = zone.minKib === null ? null : zone.minKib + reserveKib
    const own = HEIGHTS[zone.name]
    return {
      zone,
      name: isOneNode ? zone.name : `${zone.name} (node ${zone.node})`,
      free: { kib: zone.freeKib, lines: [{ source: report.lines.source, from: zone.line, to: zone.line }] },
      countedFreeKib,
      floorKib,
      isEligible: height === null || own === undefined ? null : own <= height,
      isUnderMin: zone.minKib !== null && countedFreeKib < zone.minKib,
      isClosed: floorKib === null ? null : countedFreeKib <= floorKib,
      isShort: zone.lowKib === null ? null : countedFreeKib <= zone.lowKib + reserveKib,
      buddies: memory.buddyLists.find((list) => list.zone === zone.name && list.node === zone.node) ?? null,
    }
  })
}

function keptFrom(gfpMask: string | null, zone: Zone): Kib {
  const mask = Number(gfpMask ?? Number.NaN)
  const isMovable = Number.isInteger(mask) && (mask & GFP_MOVABLE) !== 0
  return (zone.fieldsKib.reserved_highatomic ?? 0) + (isMovable ? 0 : (zone.fieldsKib.free_cma ?? 0))
}

function isPopulated(zone: Zone): boolean {
  const size = zone.managedKib ?? zone.presentKib
  return size === null ? zone.freeKib > 0 || (zone.minKib ?? 0) > 0 : size > 0
}

/** The highest zone a request may use, as in HEIGHTS; null when the mask is not printed. */
function requestHeight(gfpMask: string | null): number | null {
  if (gfpMask === null) return null
  const mask = Number(gfpMask)
  if (!Number.isInteger(mask)) return null
  if (mask & GFP_DMA) return 0
  if (mask & GFP_DMA32) return 1
  if (mask & GFP_HIGHMEM) return mask & GFP_MOVABLE ? 4 : 3
  return 2
}

/**
 * What `lowmem_reserve[]` keeps from this request. The list has one entry for each zone type the kernel was built with,
 * lowest first; without a mask the highest reserve is taken for requests of user memory.
 *
 * @see Linux mm/page_alloc.c, setup_per_zone_lowmem_reserve(), __zone_watermark_ok()
 */
function reserveFor(zone: Zone, height: number | null, all: Zone[], pageSizeBytes: Bytes): Kib {
  const reserves = zone.lowmemReservePages
  if (!reserves || reserves.length === 0 || height === null) return 0
  const last = reserves.length - 1
  const hasDma32 = all.some((other) => other.name === 'DMA32') || reserves.length > 4
  const index = height >= 3 ? last : height === 2 ? (hasDma32 ? 2 : 1) : height
  return pagesToKib(reserves[Math.min(index, last)] ?? 0, pageSizeBytes)
}

/** Can this zone give one block of the order now? Null when the free lists or min are not printed. */
export function canServe(
  zone: ZoneReading,
  order: number,
  gfpMask: string | null,
  hasOldWalk: boolean,
): boolean | null {
  if (!zone.buddies || zone.floorKib === null || zone.zone.minKib === null) return null
  const smallest = zone.buddies.blocks[0]?.sizeKib
  if (!smallest) return null
  const blockKib = smallest * 2 ** order
  const reserveKib = zone.floorKib - zone.zone.minKib
  let minKib = effectiveMin(zone.zone.minKib, gfpMask)
  let freeKib = zone.countedFreeKib - (blockKib - smallest)
  if (freeKib <= minKib + reserveKib) return false
  if (!hasOldWalk) return zone.buddies.blocks.some((block) => block.sizeKib >= blockKib && block.count > 0)
  for (const block of zone.buddies.blocks) {
    if (block.sizeKib >= blockKib) break
    freeKib -= block.sizeKib * block.count
    minKib /= 2
    if (freeKib <= minKib) return false
  }
  return true
}

/** Requests that cannot wait may go below min: by half, and by a quarter of the rest. Linux mm/page_alloc.c. */
function effectiveMin(minKib: Kib, gfpMask: string | null): Kib {
  const mask = Number(gfpMask ?? Number.NaN)
  if (!Number.isInteger(mask)) return minKib
  const halved = mask & GFP_HIGH ? minKib / 2 : minKib
  return mask & GFP_WAIT || !(mask & GFP_HIGH) ? halved : halved * 0.75
}

/** Free memory of the zone in blocks of this order or larger. */
export function freeInBlocks(zone: ZoneReading, order: number): Kib | null {
  const smallest = zone.buddies?.blocks[0]?.sizeKib
  if (!zone.buddies || !smallest) return null
  return zone.buddies.blocks
    .filter((block) => block.sizeKib >= smallest * 2 ** order)
    .reduce((total, block) => total + block.sizeKib * block.count, 0)
}
