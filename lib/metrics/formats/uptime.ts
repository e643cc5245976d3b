import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { blockTime } from '@/lib/metrics/formats/keyed-blocks'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine, splitStamp } from '@/lib/metrics/formats/stamp-lines'
import { parseTimeOfDay } from '@/lib/metrics/formats/stamps'
import { type PrintedTime, placeTimesOfDay } from '@/lib/metrics/formats/times-of-day'

interface Row {
  line: number
  printed: PrintedTime
  loads: [number, number, number]
}

/** `uptime` and the first line of `w`: load only. */
export const uptime: MetricsFormat = {
  id: 'uptime',

  recognise: (lines) => lines.slice(0, 4).some((line) => parseUptime(line) !== null),

  parse(lines, hints) {
    const draft = createDraft('uptime', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    const rows: Row[] = []
    lines.forEach((line, index) => {
      const found = parseUptime(line)
      if (found) rows.push({ line: index + 1, ...found })
    })
    const times = placeTimesOfDay(
      rows.map((row) => row.printed),
      hints,
      clock,
      draft,
    )
    rows.forEach((row, index) => {
      const [load1, load5, load15] = row.loads
      draft.addSample(row.line, times[index] ?? { at: null, key: `row-${index}` }, { load1, load5, load15 })
    })
    return draft.finish('by-count')
  },
}

// " 02:42:20 up 18 min,  0 user,  load average: 0.60, 0.79, 0.47" · other locales: "…: 0,60, 0,79, 0,47"
const LOADS = /(\d+[.,]\d\d),?\s+(\d+[.,]\d\d),?\s+(\d+[.,]\d\d)\s*$/

/** Time of day and load from a line of uptime, or from the first line of `top` without its "top - ". */
export function parseUptime(line: string): { printed: PrintedTime; loads: [number, number, number] } | null {
  const text = line.length < 300 ? line.trimStart() : ''
  const found = parseTimeOfDay(text)
  if (!found || !/^\s+up\s/.test(found.rest)) return null
  const loads = LOADS.exec(found.rest)
  if (!loads) return null
  const [first, second, third] = loads.slice(1).map((load) => Number(load.replace(',', '.')))
  if (first === undefined || second === undefined || third === undefined) return null
  const printed = text.split(/\s/, 1)[0] ?? ''
  return { printed: { time: found.time, zone: null, text: printed }, loads: [first, second, third] }
}

// "0.60 0.79 0.47 2/199 19251". Linux fs/proc/loadavg.c
const LOADAVG = /^(\d+\.\d\d) (\d+\.\d\d) (\d+\.\d\d) \d+\/\d+ \d+\s*$/

/** `/proc/loadavg`, once or as a series. */
export const loadavg: MetricsFormat = {
  id: 'loadavg',
  takesStampedLines: true,

  recognise: (lines) => lines.slice(0, 3).some((line) => LOADAVG.test(line)),

  parse(lines, hints) {
    const draft = createDraft('loadavg', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    let stamp: ReturnType<typeof parseStampLine> = null
    lines.forEach((line, index) => {
      const { stamp: own, text } = splitStamp(line)
      const [, load1, load5, load15] = LOADAVG.exec(text) ?? []
      if (load1 === undefined) {
        stamp = parseStampLine(line) ?? stamp
        return
      }
      const fields = { load1: Number(load1), load5: Number(load5), load15: Number(load15) }
      draft.addSample(index + 1, blockTime({ stamp: own ?? stamp }, index, clock), fields)
      stamp = null
    })
    return draft.finish('by-count')
  },
}
