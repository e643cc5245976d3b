import type { ReportFigures } from '@/lib/charts/chart-model'
import { type AccountingPart, accountForMemory } from '@/lib/findings/accounting'
import type { OomReport } from '@/lib/oom/report'
import { kibToBytes } from '@/lib/units'

/** From the bottom of the column: what is stuck lies lowest, as in the curves. */
const COLUMN: readonly [part: AccountingPart, key: string, label: string][] = [
  ['processes', 'anon', 'Anonymous'],
  ['processes-and-files', 'lru', 'Programs and files'],
  ['shared', 'shmem', 'Shared, tmpfs'],
  ['unevictable', 'used', 'Unevictable'],
  ['slab-unreclaimable', 'slab', 'Slab, fixed'],
  ['slab', 'slab', 'Slab'],
  ['page-tables', 'tables', 'Page tables'],
  ['kernel-stacks', 'tables-stacks', 'Kernel stacks'],
  ['hugepages', 'hugepages', 'Huge pages'],
  ['unaccounted', 'other', 'Not accounted'],
  ['not-printed', 'other', 'Not printed'],
  ['slab-reclaimable', 'buffers', 'Slab, reclaimable'],
  ['files', 'cache', 'Page cache'],
  ['free', 'free', 'Free'],
]

/**
 * A report's own figures as a column for the chart: usable RAM, without what the kernel reserved.
 *
 * @returns null when the report has no time or does not say how much RAM there is
 */
export function reportFigures(report: OomReport): ReportFigures | null {
  const accounting = accountForMemory(report)
  if (report.stamp.at === null || !accounting) return null
  const sizes = new Map(accounting.parts.map(({ part, kib }) => [part, kib]))
  const parts = COLUMN.flatMap(([part, key, label]) => {
    const kib = sizes.get(part)
    return kib ? [{ key, label, bytes: kibToBytes(kib) }] : []
  })
  const usable = accounting.totalKib - (sizes.get('reserved') ?? 0)
  return { at: report.stamp.at, label: 'report', total: kibToBytes(usable), parts }
}
