import { createDraft } from '@/lib/metrics/formats/draft'
import { KIB, MIB } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import type { SampleFields } from '@/lib/metrics/plausible'
import type { SampleField } from '@/lib/metrics/sample'

// "     24684092 K total memory" · older: "      8174208  total memory"
const LINE = /^\s*(\d+)\s+(?:([KkMmB]) )?(total memory|free memory|buffer memory|total swap|free swap)\s*$/

// Left out: `used memory` (derived differently by each version) and `swap cache`, which procps 4.0.2 prints beside the
// size of the page cache.
const FIELDS: Record<string, SampleField> = {
  'total memory': 'memTotal',
  'free memory': 'memFree',
  'buffer memory': 'buffers',
  'total swap': 'swapTotal',
  'free swap': 'swapFree',
}
const UNITS: Record<string, number> = { K: KIB, k: 1000, M: MIB, m: 1e6, B: 1 }

/** `vmstat -s`: one instant; its page counters are totals since boot and give no rate. */
export const vmstatSummary: MetricsFormat = {
  id: 'vmstat-s',

  recognise: (lines) => lines.slice(0, 12).filter((line) => LINE.test(line)).length >= 2,

  parse(lines, hints) {
    const draft = createDraft('vmstat-s', lines.length, hints)
    const fields: SampleFields = {}
    let first = 0
    lines.forEach((line, index) => {
      const [, amount, unit, name = ''] = LINE.exec(line) ?? []
      const field = FIELDS[name]
      if (amount === undefined || !field) return
      first ||= index + 1
      draft.recognise(index + 1)
      fields[field] = Number(amount) * (UNITS[unit ?? 'K'] ?? KIB)
    })
    if (first > 0) draft.addSample(first, { at: null }, fields)
    return draft.finish('by-count')
  },
}
