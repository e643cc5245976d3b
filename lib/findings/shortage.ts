import { type Figure, mergeLines } from '@/lib/findings/figure'
import { compareReleases, parseRelease } from '@/lib/findings/kernel-release'
import type { ReportReading } from '@/lib/findings/reading'
import { canServe, freeInBlocks, type ZoneReading } from '@/lib/findings/zones'
import type { LineRange } from '@/lib/logs/source'
import type { Kib } from '@/lib/units'

/** A DMA zone this many times smaller than another zone is the 16 MiB of old devices. */
const SMALL_DMA = 4

/** A request for a block of several pages that free memory could not meet. */
export interface Fragmentation {
  order: number
  blockKib: Kib
  zone: ZoneReading
  inBlocksKib: Kib
  lines: LineRange[]
}

/** What was asked for. */
export interface Request {
  order: number | null
  gfpMask: string | null
}

/** What the request could not find, zone by zone. */
export interface Shortage {
  zones: ZoneReading[]
  /** Zones the request may use; all of them when the mask is not printed. */
  eligible: ZoneReading[]
  /**
   * True when every eligible zone whose watermarks are printed is closed; null when none is printed. A DMA zone beside
   * a larger one does not count: it is kept for devices and meets no general need.
   */
  isEveryZoneClosed: boolean | null
  /** Free memory in zones the request may not use. */
  elsewhere: Figure | null
  /** The roomiest zone that is open for single pages yet has no block of the order asked for. */
  fragmentation: Fragmentation | null
}

/** @param request what could not be had, when the report's own head is not in the text */
export function readShortage(reading: ReportReading, request: Request = reading.report): Shortage {
  const zones = reading.zones
  const eligible = zones.filter((zone) => zone.isEligible !== false)
  const carriers = carriersOf(eligible)
  const judged = carriers.filter((zone) => zone.isClosed !== null)
  const barred = zones.filter((zone) => zone.isEligible === false)
  return {
    zones,
    eligible,
    isEveryZoneClosed: judged.length === 0 ? null : judged.every((zone) => zone.isClosed === true),
    elsewhere: barred.length === 0 ? null : freeOf(barred),
    fragmentation: findFragmentation(reading, carriers, request),
  }
}

/** The zones without a DMA zone that is small beside the others. */
export function carriersOf(zones: ZoneReading[]): ZoneReading[] {
  const size = ({ zone }: ZoneReading) => zone.managedKib ?? zone.presentKib ?? 0
  const largest = Math.max(0, ...zones.map(size))
  return zones.filter((each) => each.zone.name !== 'DMA' || size(each) * SMALL_DMA >= largest)
}

/** Free memory of zones taken together. */
export function freeOf(zones: ZoneReading[]): Figure {
  return {
    kib: zones.reduce((total, zone) => total + zone.free.kib, 0),
    lines: mergeLines(zones.flatMap((zone) => zone.free.lines)),
  }
}

/** An order that the free lists cannot serve although single pages are to be had. */
function findFragmentation(reading: ReportReading, eligible: ZoneReading[], request: Request): Fragmentation | null {
  const { order, gfpMask } = request
  const { lines } = reading.report
  if (order === null || order < 1) return null
  const walk = hasOldWalk(reading)
  const verdicts = eligible.map((zone) => ({
    zone,
    single: canServe(zone, 0, gfpMask, walk),
    block: canServe(zone, order, gfpMask, walk),
  }))
  if (verdicts.some(({ block }) => block !== false)) return null
  const broken = verdicts
    .filter(({ single }) => single === true)
    .sort((a, b) => b.zone.free.kib - a.zone.free.kib)
    .at(0)?.zone
  const smallest = broken?.buddies?.blocks[0]?.sizeKib
  if (!broken?.buddies || !smallest) return null
  const source = lines.source
  return {
    order,
    blockKib: smallest * 2 ** order,
    zone: broken,
    inBlocksKib: freeInBlocks(broken, order) ?? 0,
    lines: mergeLines([...broken.free.lines, { source, from: broken.buddies.line, to: broken.buddies.line }]),
  }
}

/** Up to 4.3 the watermark was halved with every order; since then one block of the order is enough. */
function hasOldWalk(reading: ReportReading): boolean {
  const release = parseRelease(reading.report.kernel)
  if (release) return compareReleases(release, [4, 4, 0]) < 0
  return reading.zones.every((zone) => zone.zone.managedKib === null)
}
