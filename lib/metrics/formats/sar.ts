import { readBannerDate } from '@/lib/metrics/formats/banner-date'
import {
  addDays,
  type CalendarDate,
  createDayCount,
  createLocalClock,
  type TimeOfDay,
} from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { parseNumber, parseSize } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseTimeOfDay } from '@/lib/metrics/formats/stamps'
import {
  isSysstatColumn,
  pageSizeOf,
  parseBanner,
  type SysstatCells,
  sysstatFields,
} from '@/lib/metrics/formats/sysstat'
import type { EpochMs } from '@/lib/units'

interface Table {
  columns: string[]
  /** False for tables of processors, disks, interfaces … */
  isMemory: boolean
  countDays: (time: TimeOfDay) => number
  last: EpochMs | null
}

/** `sar` text in any locale: one table an activity, each beginning again at the banner's date. */
export const sar: MetricsFormat = {
  id: 'sar',

  recognise(lines) {
    // pidstat, mpstat and iostat print the same banner; only sar's tables have a time and no process column.
    const banner = lines.findIndex((line) => parseBanner(line) !== null)
    if (banner < 0 || banner > 5) return false
    return lines.slice(banner + 1).some((line) => {
      if (/LINUX RESTART/.test(line)) return true
      const columns = headerColumns(line)
      return columns !== null && (columns.some(isSysstatColumn) || SAR_COLUMNS.test(columns.join(' ')))
    })
  },

  parse(lines, hints) {
    const draft = createDraft('sar', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    const evidence = localeOf(lines)
    let date: CalendarDate | null = null
    let machine: string | null = null
    let isOwnHost = true
    let table: Table | null = null

    lines.forEach((line, index) => {
      const number = index + 1
      const banner = parseBanner(line)
      if (banner) {
        isOwnHost = draft.claimHost(banner.host, number)
        if (isOwnHost) draft.setKernel(banner.kernel)
        date = readBannerDate(banner.dateText, evidence, hints, draft)
        machine = banner.machine
        table = null
        draft.recognise(number)
        return
      }
      if (!isOwnHost || line.trim() === '') return
      const row = parseTimeOfDay(line.trimStart())
      if (!row) {
        // "Average:", "平均时间:", "Durchschn.:": the table is over; what follows starts at the banner's date again.
        if (/:\s+\S*\d/.test(line)) table = null
        return
      }
      if (/LINUX RESTART/.test(line)) {
        const at = date && clock.toEpoch(addDays(date, table?.countDays(row.time) ?? 0), row.time, row.zone)
        if (at !== null && at !== undefined) draft.addBoot({ at, line: number, text: line.trim() })
        return
      }
      const columns = headerColumns(line)
      if (columns) {
        const isSame: boolean = table !== null && table.columns.join(' ') === columns.join(' ')
        if (!table || !isSame)
          table = { columns, isMemory: columns.some(isSysstatColumn), countDays: createDayCount(), last: null }
        table.countDays(row.time)
        if (table.isMemory) draft.recognise(number)
        return
      }
      if (!table?.isMemory || !date) return
      const texts = row.rest.trim().split(/\s+/)
      if (texts.length !== table.columns.length) {
        draft.warn(number, 'cut-row', `Refused: ${texts.length} values under ${table.columns.length} columns.`)
        return
      }
      const cells: SysstatCells = new Map(table.columns.map((name, column) => [name, parseCell(name, texts[column])]))
      const fields = sysstatFields(cells, table.columns.includes('pswpin/s') ? pageSizeOf(machine, draft) : 4096)
      if ('broken' in fields) {
        draft.warn(number, 'not-a-number', `Refused: ${fields.broken} is no number.`)
        return
      }
      const at = clock.toEpoch(addDays(date, table.countDays(row.time)), row.time, row.zone, table.last)
      if (at === null)
        draft.warn(number, 'impossible-time', `Refused: no such date or time as in "${line.slice(0, 20)}".`)
      else if (table.last !== null && at <= table.last)
        draft.warn(
          number,
          'clock-back',
          'Refused: a row before it has this time or a later one. Either the clock was set back, or summer time ended: then tell the zone.',
        )
      else if (draft.addSample(number, { at }, fields)) table.last = at
    })
    return draft.finish('samples')
  },
}

// Tables of sar without memory: a file that has only these is still sar's.
const SAR_COLUMNS = /%usr|%user|proc\/s|cswch\/s|runq-sz|tps|rxpck\/s|dentunusd|pgpgin\/s|frmpg\/s|intr\/s|kbhugfree/

/** Column names when the line is a table header: a time, then names only. Process tables are pidstat's. */
function headerColumns(line: string): string[] | null {
  const row = parseTimeOfDay(line.trimStart())
  if (!row) return null
  const names = row.rest.trim().split(/\s+/)
  if (names.length < 2 || names.includes('PID') || names.includes('TGID')) return null
  return names.every((name) => parseNumber(name) === null && /^[%a-zA-Z]/.test(name)) ? names : null
}

/** `--human` prints sizes with a suffix under columns that begin with "kb". */
function parseCell(name: string, text: string | undefined): number | null {
  const plain = parseNumber(text)
  if (plain !== null) return plain
  if (name.startsWith('kb')) {
    const bytes = parseSize(text, 1024)
    return bytes === null ? null : bytes / 1024
  }
  return name.startsWith('%') ? parseNumber(text?.replace('%', '')) : null
}

/** What the rows tell of the locale the banner's date was printed in. */
function localeOf(lines: string[]): { has12HourClock: boolean; hasDecimalComma: boolean } {
  const rows = lines.slice(0, 200)
  return {
    has12HourClock: rows.some((line) => parseTimeOfDay(line)?.is12Hour ?? false),
    hasDecimalComma: rows.some((line) => /\s\d+,\d\d(?=\s|$)/.test(line)),
  }
}
