import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft, type RowTime } from '@/lib/metrics/formats/draft'
import { parseNumber } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseTimeOfDay } from '@/lib/metrics/formats/stamps'
import { isSysstatColumn, pageSizeOf, type SysstatCells, sysstatFields } from '@/lib/metrics/formats/sysstat'
import { type PrintedTime, placeTimesOfDay } from '@/lib/metrics/formats/times-of-day'
import type { EpochMs } from '@/lib/units'

interface Row {
  line: number
  /** Null with -U, which prints the instant itself. */
  printed: PrintedTime | null
  epoch: EpochMs | null
  /** Gauges have one value, counters the one before and the current one. */
  values: Map<string, (number | null)[]>
}

/** `sadf -r` ("raw"): "02:41:47 UTC; kbmemfree; 22934148; …": time of day and zone, no date and no host. */
export const sadfRaw: MetricsFormat = {
  id: 'sadf-raw',

  recognise: (lines) => {
    const rows = lines.slice(0, 10).map(parseRow)
    return rows.some(
      (row) => row !== null && [...row.values.keys()].some((name) => isSysstatColumn(name) || OTHER_COLUMNS.test(name)),
    )
  },

  parse(lines, hints) {
    const draft = createDraft('sadf-raw', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    const rows: Row[] = []
    lines.forEach((line, index) => {
      if (line.trim() === '') return
      const row = parseRow(line)
      if (!row) draft.warn(index + 1, 'cut-row', 'Refused: not "time; name; value; …".')
      else if ([...row.values.keys()].some(isSysstatColumn)) rows.push({ ...row, line: index + 1 })
    })
    const printed = rows.map((row) => row.printed).filter((time) => time !== null)
    const placed = placeTimesOfDay(printed, hints, clock, draft)[Symbol.iterator]()
    const previousSeconds = new Map<string, number>()
    for (const row of rows) {
      const time: RowTime = row.epoch === null ? (placed.next().value ?? { at: null }) : { at: row.epoch }
      const seconds = row.epoch === null ? Number(time.key) : row.epoch / 1000
      const cells: SysstatCells = new Map()
      for (const [name, [before = null, current]] of row.values) {
        if (current === undefined) cells.set(name, before !== null && IN_HUNDREDTHS.test(name) ? before / 100 : before)
        else {
          const elapsed = seconds - (previousSeconds.get(name) ?? seconds)
          // The first row has no row before it, so its interval is unknown; a counter that went back was reset.
          if (elapsed > 0 && before !== null && current !== null && current >= before)
            cells.set(name, (current - before) / elapsed)
          previousSeconds.set(name, seconds)
        }
      }
      const fields = sysstatFields(cells, cells.has('pswpin/s') ? pageSizeOf(null, draft) : 4096)
      if ('broken' in fields) draft.warn(row.line, 'not-a-number', `Refused: ${fields.broken} is no number.`)
      else draft.addSample(row.line, time, fields)
    }
    return draft.finish('samples')
  },
}

// Kept as whole numbers by sysstat, and printed so here. raw_stats.c, raw_print_queue_stats(), raw_print_psimem_stats()
const IN_HUNDREDTHS = /^(ldavg-|%[sf]mem-)/

// Tables without memory that stand before the memory ones with -A.
const OTHER_COLUMNS = /^(%usr|%user|proc\/s|cswch\/s|intr\/s|pgpgin\/s|tps|runq-sz|frmpg\/s)$/

function parseRow(line: string): Omit<Row, 'line'> | null {
  const [head = '', ...parts] = line.split(';').map((part) => part.trim())
  const epoch = /^1\d{9}$/.test(head) ? Number(head) * 1000 : null
  const found = epoch === null ? parseTimeOfDay(head) : null
  const zone = /^\s*([A-Z]{1,5}|[+-]\d{2,4})?$/.exec(found?.rest ?? '')
  if ((!found && epoch === null) || !zone || parts.length < 2) return null
  const values = new Map<string, (number | null)[]>()
  let name: string | null = null
  for (const part of parts) {
    if (part === '') continue
    const value = parseNumber(part)
    if (value === null && /^[%a-z]/.test(part) && part !== 'nan') {
      name = part
      values.set(part, [])
    } else if (name !== null) values.get(name)?.push(value)
  }
  const printed = found && { time: found.time, zone: found.zone ?? zone[1] ?? null, text: head.replace(found.rest, '') }
  return { printed, epoch, values }
}
