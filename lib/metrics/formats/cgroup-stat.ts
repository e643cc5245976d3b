import { createDraft } from '@/lib/metrics/formats/draft'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'

const LINE = /^([a-z][a-z0-9_]*) (\d+)$/
// What the kernel prints for "no limit": LONG_MAX rounded to pages. Linux mm/page_counter.c, PAGE_COUNTER_MAX
const NO_LIMIT = 2 ** 62

/** `memory.stat` of one control group, v1 or v2, in bytes. It says nothing of the host. Linux mm/memcontrol.c */
export const cgroupStat: MetricsFormat = {
  id: 'cgroup-stat',

  recognise(lines) {
    const names = new Set(lines.map((line) => LINE.exec(line)?.[1]))
    return (
      (names.has('cache') && names.has('rss')) || (names.has('anon') && names.has('file') && names.has('inactive_anon'))
    )
  },

  parse(lines, hints) {
    const draft = createDraft('cgroup-stat', lines.length, hints)
    const stats: Record<string, number> = {}
    lines.forEach((line, index) => {
      const [, name, value] = LINE.exec(line) ?? []
      if (name === undefined) {
        if (line.trim() !== '') draft.warn(index + 1, 'cut-row', 'Refused: not "name value".')
        return
      }
      draft.recognise(index + 1)
      stats[name] = Number(value)
    })
    const limit = (name: string) => {
      const bytes = stats[name]
      return bytes === undefined || bytes >= NO_LIMIT ? null : bytes
    }
    draft.setCgroup({
      version: 'rss' in stats ? 1 : 2,
      // Totals include the groups below; without hierarchy both are equal.
      anonBytes: stats.total_rss ?? stats.rss ?? stats.anon ?? null,
      fileBytes: stats.total_cache ?? stats.cache ?? stats.file ?? null,
      swapBytes: stats.total_swap ?? stats.swap ?? null,
      limitBytes: limit('hierarchical_memory_limit'),
      limitWithSwapBytes: limit('hierarchical_memsw_limit'),
      stats,
    })
    return draft.finish('snapshot')
  },
}
