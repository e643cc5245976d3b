import type { ReportFigures } from '@/lib/charts/chart-model'
import { accountForMemory } from '@/lib/findings/accounting'
import { PART_FACES } from '@/lib/findings/accounting-parts'
import type { OomReport } from '@/lib/oom/report'
import { type EpochMs, kibToBytes } from '@/lib/units'

/** Counters of a control group, v2 names first, then v1's; from the bottom of the column. */
const GROUP_COLUMN: readonly [key: string, label: string, counters: readonly string[]][] = [
  ['anon', 'Anonymous', ['anon', 'total_rss', 'rss']],
  ['shmem', 'Shared, tmpfs', ['shmem', 'total_shmem']],
  ['slab', 'Slab, fixed', ['slab_unreclaimable']],
  ['tables', 'Page tables', ['pagetables']],
  ['tables-stacks', 'Kernel stacks', ['kernel_stack']],
  ['buffers', 'Slab, reclaimable', ['slab_reclaimable']],
  ['cache', 'Page cache', ['file', 'total_cache', 'cache']],
]

/**
 * A report's own figures as a column for the chart: usable RAM without what the kernel reserved, or the control group
 * whose limit was hit.
 *
 * @returns null when the report has no time, or prints neither the size of RAM nor a limit
 */
export function reportFigures(report: OomReport): ReportFigures | null {
  const { at } = report.stamp
  if (at === null) return null
  return report.memcg?.memory?.limitKib ? groupFigures(report, at) : machineFigures(report, at)
}

function machineFigures(report: OomReport, at: EpochMs): ReportFigures | null {
  const accounting = accountForMemory(report)
  if (!accounting) return null
  const sizes = new Map(accounting.parts.map(({ part, kib }) => [part, kib]))
  const parts = PART_FACES.flatMap(({ part, key, label }) => {
    const kib = part === 'reserved' ? null : sizes.get(part)
    return kib ? [{ key, label, bytes: kibToBytes(kib) }] : []
  })
  const usable = accounting.totalKib - (sizes.get('reserved') ?? 0)
  return { at, totalName: 'RAM', total: kibToBytes(usable), parts }
}

/** `file` and `cache` include shared memory, which is told apart where it is counted. */
function groupFigures({ memcg }: OomReport, at: EpochMs): ReportFigures | null {
  const limitKib = memcg?.memory?.limitKib
  if (!memcg || !limitKib) return null
  const read = (counters: readonly string[]) => {
    const name = counters.find((counter) => memcg.stats[counter] !== undefined)
    return name === undefined ? null : (memcg.stats[name] ?? null)
  }
  const shared = read(['shmem', 'total_shmem']) ?? 0
  const parts = GROUP_COLUMN.flatMap(([key, label, counters]) => {
    const counted = read(counters)
    const bytes = counted === null ? 0 : key === 'cache' ? Math.max(0, counted - shared) : counted
    return bytes > 0 ? [{ key, label, bytes }] : []
  })
  return { at, totalName: 'limit', total: kibToBytes(limitKib), parts }
}
