import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { parseNumber } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseTimeOfDay } from '@/lib/metrics/formats/stamps'
import { isSysstatColumn, pageSizeOf, type SysstatCells, sysstatFields } from '@/lib/metrics/formats/sysstat'
import { type PrintedTime, placeTimesOfDay } from '@/lib/metrics/formats/times-of-day'

interface Row {
  line: number
  printed: PrintedTime
  /** Gauges have one value, counters the one before and the current one. */
  values: Map<string, (number | null)[]>
}

/** `sadf -r` ("raw"): "02:41:47 UTC; kbmemfree; 22934148; …": time of day and zone, no date and no host. */
export const sadfRaw: MetricsFormat = {
  id: 'sadf-raw',

  recognise: (lines) => {
    const rows = lines.slice(0, 10).map(parseRow)
    return rows.some((row) => row !== null && [...row.values.keys()].some(isSysstatColumn))
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
    const times = placeTimesOfDay(
      rows.map((row) => row.printed),
      hints,
      clock,
      draft,
    )
    const previousSeconds = new Map<string, number>()
    rows.forEach((row, index) => {
      const time = times[index]
      if (!time) return
      const seconds = Number(time.key)
      const cells: SysstatCells = new Map()
      for (const [name, [before = null, current]] of row.values) {
        if (current === undefined) cells.set(name, before)
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
    })
    return draft.finish('samples')
  },
}

function parseRow(line: string): Omit<Row, 'line'> | null {
  const [head = '', ...parts] = line.split(';').map((part) => part.trim())
  const found = parseTimeOfDay(head)
  if (!found || parts.length < 2) return null
  const zone = /^\s*([A-Z]{1,5}|[+-]\d{2,4})?$/.exec(found.rest)
  if (!zone) return null
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
  return { printed: { time: found.time, zone: zone[1] ?? null, text: head.replace(found.rest, '') }, values }
}
