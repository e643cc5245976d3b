import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { blockTime, readKeyedBlocks } from '@/lib/metrics/formats/keyed-blocks'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { pageSizeOf } from '@/lib/metrics/formats/sysstat'
import type { SampleFields } from '@/lib/metrics/plausible'
import { type CounterReading, increase, ratePerSecond } from '@/lib/metrics/rates'
import type { SampleField } from '@/lib/metrics/sample'
import { kibToBytes, pagesToBytes } from '@/lib/units'

/**
 * Gauges in pages. Linux mm/vmstat.c, vmstat_text[]. `nr_free_pages` is left out: it counts per-zone lists only and can
 * be far from MemFree.
 */
const GAUGES: Record<string, SampleField> = {
  nr_anon_pages: 'anonPages',
  nr_shmem: 'shmem',
  nr_slab_reclaimable: 'sReclaimable',
  nr_slab_unreclaimable: 'sUnreclaim',
  nr_page_table_pages: 'pageTables',
  nr_dirty: 'dirty',
  nr_writeback: 'writeback',
  nr_swapcached: 'swapCached',
}

const LINE = /^([a-z][a-z0-9_]+) (\d+)$/

/** `/proc/vmstat`, once or as a series. Its counters since boot become rates, and kills, from the second printing on. */
export const procVmstat: MetricsFormat = {
  id: 'proc-vmstat',
  takesStampedLines: true,

  recognise(lines) {
    const named = lines.filter((line) => LINE.test(line))
    return (
      named.length >= 8 &&
      named.some((line) => /^(nr_free_pages|nr_anon_pages|pgpgin|nr_mapped) /.test(line)) &&
      named.some((line) => line.startsWith('nr_'))
    )
  },

  parse(lines, hints) {
    const draft = createDraft('proc-vmstat', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    const blocks = readKeyedBlocks(lines, (line, number) => {
      const [, name, value] = LINE.exec(line) ?? []
      if (name === undefined) return null
      draft.recognise(number)
      return [name, Number(value)]
    })
    const pageSize = pageSizeOf(null, draft)
    const previous = new Map<string, CounterReading>()
    blocks.forEach((block, index) => {
      const time = blockTime(block, index, clock)
      const fields: SampleFields = {}
      for (const [name, field] of Object.entries(GAUGES)) {
        const pages = block.entries.get(name)
        if (pages !== undefined) fields[field] = pagesToBytes(pages, pageSize)
      }
      // The one gauge that is not in pages. Linux mm/vmstat.c: "nr_kernel_stack" counts KiB.
      const stackKib = block.entries.get('nr_kernel_stack')
      if (stackKib !== undefined) fields.kernelStack = kibToBytes(stackKib)
      if (time.at !== null) {
        const grow = (name: string, derive: typeof increase): number | null => {
          const value = counter(block.entries, name)
          if (value === null || time.at === null) return null
          const now = { at: time.at, value }
          const result = derive(previous.get(name) ?? null, now)
          previous.set(name, now)
          return result
        }
        const swapIn = grow('pswpin', ratePerSecond)
        const swapOut = grow('pswpout', ratePerSecond)
        fields.swapInPerSec = swapIn === null ? null : pagesToBytes(swapIn, pageSize)
        fields.swapOutPerSec = swapOut === null ? null : pagesToBytes(swapOut, pageSize)
        fields.majorFaultsPerSec = grow('pgmajfault', ratePerSecond)
        fields.allocStallPerSec = grow('allocstall', ratePerSecond)
        fields.oomKills = grow('oom_kill', increase)
      }
      if (Object.values(fields).some((value) => value !== null)) draft.addSample(block.line, time, fields)
    })
    return draft.finish('by-count')
  },
}

/** `allocstall` was split by zone in 4.10 (`allocstall_normal` …): their sum is the old counter. */
function counter(entries: Map<string, number>, name: string): number | null {
  const whole = entries.get(name)
  if (whole !== undefined || name !== 'allocstall') return whole ?? null
  const parts = [...entries].filter(([key]) => key.startsWith('allocstall_'))
  return parts.length === 0 ? null : parts.reduce((sum, [, value]) => sum + value, 0)
}
