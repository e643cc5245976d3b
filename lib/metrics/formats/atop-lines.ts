import { createDraft, type Draft } from '@/lib/metrics/formats/draft'
import { parseNumber } from '@/lib/metrics/formats/numbers'
import { bareProcess } from '@/lib/metrics/formats/process-table'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import type { SampleFields } from '@/lib/metrics/plausible'
import type { EpochMs } from '@/lib/units'

/** One line of `atop -P`: the label, what every line begins with, and the values behind it. */
interface Line {
  number: number
  label: string
  host: string
  at: EpochMs
  intervalSeconds: number
  /** Values; for process lines those behind the name. */
  values: string[]
  process: { pid: number; name: string } | null
  /** True in the block after RESET, whose counters run since boot. */
  isSinceBoot: boolean
}

// "MEM web-07 1795488106 2026/11/24 02:41:46 1104 4096 6171023 …"
const LINE = /^([A-Za-z][A-Za-z0-9]{2}) (\S+) (\d{9,}) \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (\d+) (.*)$/
// A name in parentheses may hold spaces and parentheses of its own; a state letter follows it.
const PROCESS = /^(\d+) \((.*)\) ([A-Z]) (.*)$/

/** `atop -P` lines: memory in pages with the page size beside it, processes in KiB, epoch seconds on every line. */
export const atopLines: MetricsFormat = {
  id: 'atop-P',

  recognise: (lines) => lines.slice(0, 5).some((line) => LINE.test(line)),

  parse(lines, hints) {
    const draft = createDraft('atop-P', lines.length, hints)
    let isSinceBoot = false
    lines.forEach((text, index) => {
      const number = index + 1
      if (text === 'RESET' || text === 'SEP') {
        isSinceBoot = text === 'RESET'
        draft.recognise(number)
        return
      }
      const line = parseLine(text, number, isSinceBoot)
      if (!line) {
        if (text.trim() !== '') draft.warn(number, 'cut-row', 'Refused: not a whole line of atop -P.')
        return
      }
      if (!draft.claimHost(line.host, number)) return
      if (line.label === 'PRM') takeProcess(line, draft)
      else takeFields(line, draft)
    })
    return draft.finish('samples')
  },
}

function parseLine(text: string, number: number, isSinceBoot: boolean): Line | null {
  const found = LINE.exec(text)
  if (!found) return null
  const [, label = '', host = '', epoch, interval, rest = ''] = found
  const head = { number, label, host, at: Number(epoch) * 1000, intervalSeconds: Number(interval), isSinceBoot }
  if (!label.startsWith('PR')) return { ...head, values: rest.trim().split(/\s+/), process: null }
  const process = PROCESS.exec(rest)
  if (!process) return null
  const [, pid, name = '', state = '', values = ''] = process
  return { ...head, values: [state, ...values.trim().split(/\s+/)], process: { pid: Number(pid), name } }
}

/** Fields of the labels that tell of memory. Their order only ever grew at the end. atop(1), "Parseable output". */
const READERS: Record<string, (line: Line, at: (place: number) => number | null) => SampleFields> = {
  CPL: (_, value) => ({ load1: value(1), load5: value(2), load15: value(3) }),
  MEM: (_, value) => {
    const pages = inPages(value)
    const [slab, reclaimable] = [pages(5), pages(7)]
    return {
      memTotal: pages(1),
      memFree: pages(2),
      cached: pages(3),
      buffers: pages(4),
      dirty: pages(6),
      sReclaimable: reclaimable,
      sUnreclaim: slab === null || reclaimable === null ? null : slab - reclaimable,
      shmem: pages(9),
      pageTables: pages(20),
    }
  },
  SWP: (_, value) => {
    const pages = inPages(value)
    return {
      swapTotal: pages(1),
      swapFree: pages(2),
      committedAs: pages(4),
      commitLimit: pages(5),
      // Place 3 was "future use", always 0, before the swap cache got a place of its own.
      swapCached: pages(6),
    }
  },
  PAG: (line, value) => {
    if (line.isSinceBoot || line.intervalSeconds === 0) return {}
    const pageSize = value(0)
    const perSecond = (place: number, factor: number | null) => {
      const count = value(place)
      return count === null || factor === null ? null : (count * factor) / line.intervalSeconds
    }
    const kills = value(6)
    return {
      allocStallPerSec: perSecond(2, 1),
      swapInPerSec: perSecond(4, pageSize),
      swapOutPerSec: perSecond(5, pageSize),
      // -1: the kernel has no such counter.
      oomKills: kills === -1 ? null : kills,
    }
  },
  PSI: (line, value) => (line.values[0] === 'y' ? { psiMemSomeAvg10: value(5), psiMemFullAvg10: value(9) } : {}),
}

function inPages(value: (place: number) => number | null): (place: number) => number | null {
  const pageSize = value(0)
  return (place) => {
    const pages = value(place)
    return pages === null || pageSize === null ? null : pages * pageSize
  }
}

const FEWEST_VALUES: Record<string, number> = { CPL: 4, MEM: 6, SWP: 6, PAG: 6, PSI: 13 }

function takeFields(line: Line, draft: Draft): void {
  const read = READERS[line.label]
  if (!read) return
  if (line.values.length < (FEWEST_VALUES[line.label] ?? 0)) {
    draft.warn(line.number, 'cut-row', `Refused: only ${line.values.length} values.`)
    return
  }
  const fields = read(line, (place) => parseNumber(line.values[place]))
  if (Object.keys(fields).length > 0) draft.addSample(line.number, { at: line.at }, fields)
  else draft.recognise(line.number)
}

/** PRM: state, page size, then KiB: virtual size, resident size, … swap at place 12, thread group, and y for a process. */
function takeProcess({ number, at, values, process }: Line, draft: Draft): void {
  if (!process) return
  const [state] = values
  const [vszKib, rssKib, swapKib] = [parseNumber(values[2]), parseNumber(values[3]), parseNumber(values[12])]
  if (rssKib === null) {
    draft.warn(number, 'cut-row', 'Refused: not a whole line of a process.')
    return
  }
  const isThread = values[14] === 'n'
  if (isThread) return
  const hasExited = state === 'E'
  draft.addProcess(
    number,
    { at },
    {
      ...bareProcess(process.pid, process.name),
      // An exited process is printed with zeros: its memory is not known any more.
      rssKib: hasExited ? null : rssKib,
      swapKib: hasExited ? null : swapKib,
      vszKib: hasExited ? null : vszKib,
    },
  )
}
