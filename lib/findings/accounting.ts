import { difference, type Figure, sum } from '@/lib/findings/figure'
import { readReport } from '@/lib/findings/reading'
import type { LineRange } from '@/lib/logs/source'
import type { OomReport } from '@/lib/oom/report'
import type { Kib } from '@/lib/units'

export type AccountingPart =
  | 'free'
  | 'processes'
  | 'processes-and-files'
  | 'files'
  | 'shared'
  | 'unevictable'
  | 'slab'
  | 'slab-reclaimable'
  | 'slab-unreclaimable'
  | 'kernel-stacks'
  | 'page-tables'
  | 'hugepages'
  | 'reserved'
  | 'unaccounted'
  | 'not-printed'

/** RAM at the time of a report, cut into parts that add up to it. */
export interface Accounting {
  totalKib: Kib
  /** `zones`: the report does not print the pages of RAM, so the zones were added up. */
  totalFrom: 'ram-pages' | 'zones'
  /** From free to what is left: `unaccounted`, or `not-printed` when the report lacks one of the large figures. */
  parts: { part: AccountingPart; kib: Kib; lines: LineRange[] }[]
  /** True when pages were converted with an assumed size of 4 kB. */
  isPageSizeAssumed: boolean
}

/**
 * RAM = free + anonymous + file + slab + page tables + shared + huge pages + reserved + not accounted. What the report
 * does not explain is its own part, so that a driver's or balloon's memory shows.
 *
 * @returns null when the report does not say how much RAM there is
 */
export function accountForMemory(report: OomReport): Accounting | null {
  const reading = readReport(report, [])
  const { ram } = reading
  if (!ram || ram.kib === 0) return null
  const own = reading.anon ? (difference(reading.anon, reading.shmem) ?? reading.anon) : null
  const figures: [AccountingPart, Figure | null][] = [
    ['free', reading.free],
    ['processes', own],
    ['shared', reading.anon ? reading.shmem : null],
    ['files', reading.file],
    ['processes-and-files', reading.anon || reading.file ? null : reading.lru],
    ['unevictable', reading.unevictable],
    ['slab', reading.slabUnreclaimable || reading.slabReclaimable ? null : reading.slab],
    ['slab-reclaimable', reading.slabReclaimable],
    ['slab-unreclaimable', reading.slabUnreclaimable],
    ['kernel-stacks', reading.kernelStack],
    ['page-tables', reading.pageTables],
    ['hugepages', reading.hugePages],
    ['reserved', reading.reserved],
  ]
  const known = figures.flatMap(([part, figure]) => (figure && figure.kib > 0 ? [{ part, ...figure }] : []))
  const rest = difference(ram, sum(...known) ?? { kib: 0, lines: [] })
  if (rest && rest.kib > 0) known.push({ part: reading.unaccounted ? 'unaccounted' : 'not-printed', ...rest })
  return {
    totalKib: ram.kib,
    totalFrom: report.memory?.ramPages === null || !report.memory ? 'zones' : 'ram-pages',
    parts: known,
    isPageSizeAssumed: reading.pageSizeFrom === 'assumed',
  }
}
