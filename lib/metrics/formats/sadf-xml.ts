import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { MEMORY_GROUPS, type MemoryGroup, sadfInstant, takeCell } from '@/lib/metrics/formats/sadf-tree'
import { pageSizeOf, type SysstatCells, sysstatFields } from '@/lib/metrics/formats/sysstat'

const LONGEST_LINE = 4096

/**
 * `sadf -x`, read line by line as sadf prints it: one element or opening tag a line. Entities and the external document
 * type are never looked at.
 */
export const sadfXml: MetricsFormat = {
  id: 'sadf-x',

  recognise: (lines) => lines.slice(0, 12).some((line) => /<sysstat\b|DTD v[\d.]+ sysstat/.test(line)),

  parse(lines, hints) {
    const draft = createDraft('sadf-x', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    let host: string | null = null
    let machine: string | null = null
    let open: { line: number; tag: string; cells: SysstatCells } | null = null
    let group: MemoryGroup | null = null

    function instant(tag: string): number | null {
      const stamp = sadfInstant(
        attribute(tag, 'date') ?? '',
        attribute(tag, 'time') ?? '',
        attribute(tag, 'utc'),
        attribute(tag, 'tz'),
      )
      return stamp && clock.resolve(stamp)
    }

    lines.forEach((line, index) => {
      const number = index + 1
      const tag = line.length < LONGEST_LINE && /^\s*<(\/?)([\w-]+)([^>]*)>/.exec(line)
      if (!tag) return
      const [whole, slash, name = '', attributes = ''] = tag
      if (name === 'host' && !slash) {
        host = attribute(attributes, 'nodename')
        draft.recognise(number)
      } else if (name === 'release') draft.setKernel(contentOf(line) ?? '')
      else if (name === 'machine') machine = contentOf(line)
      else if (name === 'boot') {
        const at = instant(attributes)
        if (at !== null && (host === null || draft.claimHost(host, number)))
          draft.addBoot({ at, line: number, text: line.trim() })
      } else if (name === 'timestamp' && !slash) {
        open = { line: number, tag: attributes, cells: new Map() }
        group = null
      } else if (name === 'timestamp' && open) {
        const { line: from, tag: stamp, cells } = open
        open = null
        const at = instant(stamp)
        if (cells.size === 0 || (host !== null && !draft.claimHost(host, from))) return
        const fields = sysstatFields(cells, cells.has('pswpin/s') ? pageSizeOf(machine, draft) : 4096)
        if ('broken' in fields) draft.warn(from, 'not-a-number', `Refused: ${fields.broken} is no number.`)
        else if (at === null) draft.warn(from, 'impossible-time', 'Refused: no such date or time.')
        else if (draft.addSample(from, { at }, fields))
          for (let inside = from; inside <= number; inside += 1) draft.recognise(inside)
      } else if (open) {
        const own = MEMORY_GROUPS.find((candidate) => candidate === name)
        if (own) {
          group = slash || whole.endsWith('/>') ? null : own
          for (const [, key = '', value = ''] of attributes.matchAll(/([\w-]+)="([^"]*)"/g))
            takeCell(open.cells, own, key, value)
        } else if (group && !slash) takeCell(open.cells, group, name, contentOf(line) ?? '')
      }
    })
    const left: { line: number } | null = open
    if (left) draft.warn(lines.length, 'cut-file', 'The file ends inside a timestamp; it was left out.')
    return draft.finish('samples')
  },
}

function attribute(tag: string, name: string): string | null {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? null
}

function contentOf(line: string): string | null {
  return />([^<]*)</.exec(line)?.[1] ?? null
}
