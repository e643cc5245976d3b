import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { blockTime, readKeyedBlocks } from '@/lib/metrics/formats/keyed-blocks'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { MEMINFO_FIELDS } from '@/lib/metrics/meminfo-fields'
import type { SampleFields } from '@/lib/metrics/plausible'
import { kibToBytes } from '@/lib/units'

// "MemTotal:       24684092 kB" · "Node 0 MemTotal:       24684092 kB" (/sys/devices/system/node)
const LINE = /^(?:Node (\d+) )?([A-Z]\w+(?:\(\w+\))?):\s+(\S+)(?: kB)?\s*$/

/** `/proc/meminfo`, once or as a series, and the per-node files added up. */
export const meminfo: MetricsFormat = {
  id: 'meminfo',
  takesStampedLines: true,

  recognise: (lines) => lines.filter((line) => MEMINFO_FIELDS[LINE.exec(line)?.[2] ?? ''] !== undefined).length >= 3,

  parse(lines, hints) {
    const draft = createDraft('meminfo', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    const blocks = readKeyedBlocks(lines, (line, number) => {
      const [, node = '', name = '', text = ''] = LINE.exec(line) ?? []
      if (name === '') return null
      const field = MEMINFO_FIELDS[name]
      draft.recognise(number)
      if (field === undefined) return [`${node} ${name}`, null]
      if (!/^\d+$/.test(text)) {
        draft.warn(number, 'not-a-number', `Left out: ${name} is "${text.slice(0, 40)}".`)
        return null
      }
      return [`${node} ${name}`, { field, bytes: kibToBytes(Number(text)) }]
    })
    blocks.forEach((block, index) => {
      const fields: SampleFields = {}
      for (const entry of block.entries.values())
        if (entry) fields[entry.field] = (fields[entry.field] ?? 0) + entry.bytes
      if (Object.keys(fields).length > 0) draft.addSample(block.line, blockTime(block, index, clock), fields)
    })
    return draft.finish('by-count')
  },
}
