import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { MIB, parseNumber, parseSize } from '@/lib/metrics/formats/numbers'
import { bareProcess, kibCell } from '@/lib/metrics/formats/process-table'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine } from '@/lib/metrics/formats/stamp-lines'
import type { SampleFields } from '@/lib/metrics/plausible'
import type { SampleField } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

// "ATOP - web-07    2026/11/24  02:41:46    -----------------    18m24s elapsed"
const TITLE = /^ATOP - (\S+)\s+(\d{4})\/(\d\d)\/(\d\d)\s+(\d\d:\d\d:\d\d)\s/

const CELLS: Record<string, Record<string, SampleField>> = {
  MEM: {
    tot: 'memTotal',
    free: 'memFree',
    avail: 'memAvailable',
    cache: 'cached',
    buff: 'buffers',
    shmem: 'shmem',
    dirty: 'dirty',
    slrec: 'sReclaimable',
    pgtab: 'pageTables',
  },
  SWP: { tot: 'swapTotal', free: 'swapFree', swcac: 'swapCached', vmcom: 'committedAs', vmlim: 'commitLimit' },
  CPL: { avg1: 'load1', avg5: 'load5', avg15: 'load15' },
}

/**
 * `atop` as it looks on the screen: rounded sizes with suffixes. Only instantaneous cells are read: rates and process
 * growth of the first screen run since boot, and `memsome` is a share of the interval, not an average of ten seconds.
 */
export const atopScreen: MetricsFormat = {
  id: 'atop',

  recognise: (lines) => lines.slice(0, 5).some((line) => TITLE.test(line)),

  parse(lines, hints) {
    const draft = createDraft('atop', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    let at: EpochMs | null = null
    let columns: string[] | null = null
    lines.forEach((line, index) => {
      const number = index + 1
      const title = TITLE.exec(line)
      if (title) {
        const [, host = '', year, month, day, time] = title
        const stamp = parseStampLine(`${year}-${month}-${day} ${time}`)
        at = draft.claimHost(host, number) ? stamp && clock.resolve(stamp, at) : null
        columns = null
        draft.recognise(number)
        return
      }
      if (at === null) return
      const summary = /^([A-Z]{3}) \|(.*)\|\s*$/.exec(line)
      if (summary) {
        const fields = fieldsOf(summary[1] ?? '', summary[2] ?? '')
        if (fields) draft.addSample(number, { at }, fields)
        return
      }
      const names = line.trim().split(/\s+/)
      if (names[0] === 'PID') {
        // Behind the last column stands the number of the page, where there are several ("1/2").
        const last = names.findIndex((name) => /^(CMD|COMMAND)/.test(name))
        columns = last > 0 && names.includes('RSIZE') ? names.slice(0, last + 1) : null
        return
      }
      if (columns && /^\s*\d/.test(line)) {
        const cell = (name: string) => names[columns?.indexOf(name) ?? -1]
        const pid = Number(cell('PID'))
        const isWhole = Number.isInteger(pid) && names.length >= columns.length && kibCell(cell('RSIZE')) !== null
        const name = names.slice(columns.length - 1).join(' ')
        // Exited processes stand in angle brackets, with zeros for memory that is not known any more.
        const hasExited = /^<.*>$/.test(name)
        if (isWhole)
          draft.addProcess(
            number,
            { at },
            {
              ...bareProcess(pid, name.replace(/^<(.*)>$/, '$1')),
              user: cell('RUID') ?? null,
              rssKib: hasExited ? null : kibCell(cell('RSIZE')),
              swapKib: hasExited ? null : kibCell(cell('SWAPSZ')),
              vszKib: hasExited ? null : kibCell(cell('VSIZE')),
            },
          )
        else draft.warn(number, 'cut-row', 'Refused: not a whole row of the process table.')
      }
    })
    return draft.finish('samples')
  },
}

/** Cells of " tot    23.5G | free   22.3G | …"; null for a line without any of ours. */
function fieldsOf(label: string, text: string): SampleFields | null {
  const names = CELLS[label]
  if (!names) return null
  const fields: SampleFields = {}
  for (const cell of text.split('|')) {
    const [name = '', value] = cell.trim().split(/\s+/)
    const field = names[name]
    if (field) fields[field] = label === 'CPL' ? parseNumber(value) : parseSize(value, MIB)
  }
  return Object.values(fields).some((value) => value !== null) ? fields : null
}
