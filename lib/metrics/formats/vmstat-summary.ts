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

// "     24684092 K Gesamtspeicher" · "Pamięć razem:                   24684084 K"
const AMOUNT = /^\s*(?:(\d+) ([KkMmB]) \S.*|\S.*:\s+(\d+) ([KkMmB]))\s*$/
// The ten amounts with a unit come first, in this order; the counters behind them have no unit.
const PLACES = ['total memory', '', '', '', 'free memory', 'buffer memory', '', 'total swap', '', 'free swap']

/** `vmstat -s`: one instant; its page counters are totals since boot and give no rate. Translated names are told by their places. */
export const vmstatSummary: MetricsFormat = {
  id: 'vmstat-s',

  recognise: (lines) =>
    lines.slice(0, 12).filter((line) => LINE.test(line)).length >= 2 ||
    (PLACES.every((_, place) => AMOUNT.test(lines[place] ?? '')) && !AMOUNT.test(lines[PLACES.length] ?? '')),

  parse(lines, hints) {
    const draft = createDraft('vmstat-s', lines.length, hints)
    const fields: SampleFields = {}
    let first = 0
    const isTranslated = !lines.some((line) => LINE.test(line))
    lines.forEach((line, index) => {
      const { amount, unit, name } = isTranslated ? byPlace(line, index) : byName(line)
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

interface Row {
  amount: string | undefined
  unit: string | undefined
  name: string
}

function byName(line: string): Row {
  const [, amount, unit, name = ''] = LINE.exec(line) ?? []
  return { amount, unit, name }
}

function byPlace(line: string, place: number): Row {
  const [, before, unitBefore, behind, unitBehind] = AMOUNT.exec(line) ?? []
  return { amount: before ?? behind, unit: unitBefore ?? unitBehind, name: PLACES[place] ?? '' }
}
