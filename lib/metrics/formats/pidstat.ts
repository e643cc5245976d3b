import { readBannerDate } from '@/lib/metrics/formats/banner-date'
import {
  addDays,
  type CalendarDate,
  createDayCount,
  createLocalClock,
  type TimeOfDay,
} from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { parseNumber } from '@/lib/metrics/formats/numbers'
import { bareProcess, kibCell, nameOrCommandLine } from '@/lib/metrics/formats/process-table'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseTimeOfDay } from '@/lib/metrics/formats/stamps'
import { parseBanner } from '@/lib/metrics/formats/sysstat'
import type { EpochMs } from '@/lib/units'

/** `pidstat -r`: the processes that faulted in each interval, so an idle giant may be missing; no memory of the host. */
export const pidstat: MetricsFormat = {
  id: 'pidstat',

  recognise(lines) {
    const banner = lines.findIndex((line) => parseBanner(line) !== null)
    return banner >= 0 && banner <= 5 && lines.slice(banner + 1).some((line) => headerColumns(line) !== null)
  },

  parse(lines, hints) {
    const draft = createDraft('pidstat', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    const has12HourClock = lines.slice(0, 50).some((line) => parseTimeOfDay(line)?.is12Hour ?? false)
    const hasDecimalComma = lines.slice(0, 50).some((line) => /\s\d+,\d\d(?=\s|$)/.test(line))
    let date: CalendarDate | null = null
    let columns: string[] | null = null
    let countDays = createDayCount()
    let last: EpochMs | null = null
    let isOwnHost = true
    lines.forEach((line, index) => {
      const number = index + 1
      const banner = parseBanner(line)
      if (banner) {
        isOwnHost = draft.claimHost(banner.host, number)
        if (isOwnHost) draft.setKernel(banner.kernel)
        date = readBannerDate(banner.dateText, { has12HourClock, hasDecimalComma }, hints, draft)
        countDays = createDayCount()
        last = null
        draft.recognise(number)
        return
      }
      const header = headerColumns(line)
      if (header) {
        columns = header
        draft.recognise(number)
        return
      }
      if (!isOwnHost || !columns?.includes('RSS') || line.trim() === '') return
      const row = timeOfRow(line)
      if (!row) return
      const cells = row.rest.trim().split(/\s+/)
      const cell = (name: string) => cells[columns?.indexOf(name) ?? -1]
      const pid = parseNumber(cell('PID') ?? cell('TGID'))
      const rssKib = kibCell(cell('RSS'))
      if (cells.length < columns.length || rssKib === null) {
        draft.warn(number, 'cut-row', 'Refused: not a whole row of the process table.')
        return
      }
      // With -t the threads of a process have rows of their own, without a process id.
      if (pid === null || pid <= 0 || (cell('TID') ?? '-') !== '-') return
      const at =
        row.epoch ?? (date && row.time && clock.toEpoch(addDays(date, countDays(row.time)), row.time, row.zone, last))
      if (at === null || at === undefined) {
        draft.warn(number, 'impossible-time', 'Refused: no such date or time.')
        return
      }
      last = at
      const { comm, args } = nameOrCommandLine(cells.slice(columns.length - 1).join(' '))
      draft.addProcess(
        number,
        { at },
        {
          ...bareProcess(pid, comm),
          user: cell('UID') ?? cell('USER') ?? null,
          rssKib,
          vszKib: kibCell(cell('VSZ')),
          args,
        },
      )
    })
    return draft.finish('samples')
  },
}

/**
 * Names of the columns behind the time. "02:41:46  UID  PID  minflt/s …" · with -h: "#      Time   UID  PID …"
 * · with -H: "1795488106  UID  PID …"
 */
function headerColumns(line: string): string[] | null {
  const text = /^(?:#\s+Time|1\d{9})\s+(.*)$/.exec(line)?.[1] ?? parseTimeOfDay(line)?.rest
  const names = text?.trim().split(/\s+/) ?? []
  return (names.includes('PID') || names.includes('TGID')) && names.includes('Command') ? names : null
}

function timeOfRow(
  line: string,
): { rest: string; epoch: EpochMs | null; time: TimeOfDay | null; zone: string | null } | null {
  const epoch = /^\s*(1\d{9})(\s.*)$/.exec(line)
  if (epoch) return { epoch: Number(epoch[1]) * 1000, time: null, zone: null, rest: epoch[2] ?? '' }
  const found = parseTimeOfDay(line.trimStart())
  return found ? { epoch: null, time: found.time, zone: found.zone, rest: found.rest } : null
}
