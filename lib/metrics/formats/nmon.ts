import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { parseMonth } from '@/lib/metrics/formats/months'
import { MIB, parseNumber } from '@/lib/metrics/formats/numbers'
import { bareProcess } from '@/lib/metrics/formats/process-table'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseTimeOfDay } from '@/lib/metrics/formats/stamps'
import { pageSizeOf } from '@/lib/metrics/formats/sysstat'
import type { SampleFields } from '@/lib/metrics/plausible'
import type { SampleField } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** nmon's MEM section, MiB with one decimal; −1 and −0 mean "not there". lmon.c */
const MEM_FIELDS: Record<string, SampleField> = {
  memtotal: 'memTotal',
  memfree: 'memFree',
  memshared: 'shmem',
  cached: 'cached',
  buffers: 'buffers',
  swaptotal: 'swapTotal',
  swapfree: 'swapFree',
  swapcached: 'swapCached',
}
/** nmon's VM section: amounts in pages. */
const PAGE_FIELDS: Record<string, SampleField> = {
  nr_dirty: 'dirty',
  nr_writeback: 'writeback',
  nr_page_table_pages: 'pageTables',
  nr_slab_reclaimable: 'sReclaimable',
}

interface Row {
  line: number
  section: string
  tick: string
  cells: string[]
}

/** nmon's own file. Its lines may have been sorted, so headers and times are collected first and rows joined by T0001. */
export const nmon: MetricsFormat = {
  id: 'nmon',

  recognise: (lines) => lines.some((line) => /^AAA,(progname|command|version|host|interval),/.test(line)),

  parse(lines, hints) {
    const draft = createDraft('nmon', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    const facts = new Map<string, string>()
    const headers = new Map<string, string[]>()
    const times = new Map<string, EpochMs | null>()
    const rows: Row[] = []
    lines.forEach((line, index) => {
      const [section = '', first = '', ...cells] = line.split(',')
      if (section === 'AAA') {
        facts.set(first, cells.join(','))
        draft.recognise(index + 1)
      } else if (section === 'ZZZZ') {
        times.set(first, instantOf(cells))
        draft.recognise(index + 1)
      } else if (section === 'TOP' && /^T\d+$/.test(cells[0] ?? ''))
        rows.push({ line: index + 1, section, tick: cells[0] ?? '', cells: [first, ...cells.slice(1)] })
      else if (section === 'TOP' && cells.length > 3) headers.set(section, [first, ...cells.slice(1)])
      else if (/^T\d+$/.test(first)) rows.push({ line: index + 1, section, tick: first, cells })
      else if (section === 'MEM' || section === 'VM') headers.set(section, cells)
    })
    const host = facts.get('host')
    if (host) draft.claimHost(host, 1)
    const system = facts.get('OS')?.split(',')
    if (system?.[1]) draft.setKernel(system[1])
    const interval = Number(facts.get('interval'))
    const pageSize = rows.some((row) => row.section === 'VM') ? pageSizeOf(system?.[3] ?? null, draft) : 4096

    for (const row of rows) {
      const names = headers.get(row.section)
      if (!names || !['MEM', 'VM', 'TOP'].includes(row.section)) continue
      const at = times.get(row.tick)
      if (at === undefined || at === null) {
        draft.warn(row.line, 'no-time', `Refused: no time is given for ${row.tick}.`)
        continue
      }
      const cell = (name: string) => parseNumber(row.cells[names.indexOf(name)])
      if (row.section === 'TOP') takeProcess(row, names, at)
      else if (row.cells.length < names.length)
        draft.warn(row.line, 'cut-row', `Refused: ${row.cells.length} values under ${names.length} columns.`)
      else if (row.section === 'MEM') draft.addSample(row.line, { at }, memoryFields(cell))
      else draft.addSample(row.line, { at }, vmFields(cell))
    }
    return draft.finish('samples')

    function instantOf([timeText = '', dateText = '']: string[]): EpochMs | null {
      const time = parseTimeOfDay(timeText)?.time
      const [day, month = '', year] = dateText.split('-')
      const date = { year: Number(year), month: parseMonth(month) ?? 0, day: Number(day) }
      return time ? clock.toEpoch(date, time, null) : null
    }

    function vmFields(cell: (name: string) => number | null): SampleFields {
      const fields: SampleFields = {}
      for (const [name, field] of Object.entries(PAGE_FIELDS)) {
        const pages = cell(name)
        if (pages !== null && pages >= 0) fields[field] = pages * pageSize
      }
      // Counted over the interval; without an interval they are no rate.
      const perSecond = (name: string, factor: number) => {
        const count = cell(name)
        return count === null || count < 0 || !(interval > 0) ? null : (count * factor) / interval
      }
      fields.swapInPerSec = perSecond('pswpin', pageSize)
      fields.swapOutPerSec = perSecond('pswpout', pageSize)
      fields.majorFaultsPerSec = perSecond('pgmajfault', 1)
      return fields
    }

    function takeProcess(row: Row, names: string[], at: EpochMs): void {
      const cell = (name: string) => row.cells[names.indexOf(name)]
      const rssKib = parseNumber(cell('ResSet'))
      const pid = Number(row.cells[0])
      const comm = cell('Command')
      if (rssKib === null || !Number.isInteger(pid) || comm === undefined) {
        draft.warn(row.line, 'cut-row', 'Refused: not a whole row of the process table.')
        return
      }
      draft.addProcess(row.line, { at }, { ...bareProcess(pid, comm), rssKib, vszKib: parseNumber(cell('Size')) })
    }
  },
}

function memoryFields(cell: (name: string) => number | null): SampleFields {
  const fields: SampleFields = {}
  for (const [name, field] of Object.entries(MEM_FIELDS)) {
    const mib = cell(name)
    if (mib !== null && mib >= 0 && !Object.is(mib, -0)) fields[field] = mib * MIB
  }
  return fields
}
