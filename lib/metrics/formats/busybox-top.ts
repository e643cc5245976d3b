import { createLocalClock, type PrintedInstant } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { blockTime } from '@/lib/metrics/formats/keyed-blocks'
import { bareProcess, commOf, kibCell } from '@/lib/metrics/formats/process-table'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine } from '@/lib/metrics/formats/stamp-lines'
import type { SampleFields } from '@/lib/metrics/plausible'
import type { ProcessRow } from '@/lib/metrics/process'
import { kibToBytes } from '@/lib/units'

// "Mem: 13703348K used, 10980736K free, 30244K shrd, 333076K buff, 8919460K cached"
const TITLE = /^Mem: (\d+)K used, (\d+)K free(?:, (\d+)K shrd)?(?:, (\d+)K buff)?(?:, (\d+)K cached)?\s*$/
// "Load average: 8.41 4.05 3.46 29/401 31095"
const LOADS = /^Load average: (\d+\.\d\d) (\d+\.\d\d) (\d+\.\d\d)\b/
// "27971 27390 root     S    23.7g  95%  20% next-build" · with the number of a processor before the last share
const ROW =
  /^\s*(\d+)\s+(\d+)\s+(\S+)\s+[A-Z][A-Z <N]{0,3}?\s+(\d[\d.]*[mgt]?)(?:\s+|(?<=[mgt]))\d+%\s+(?:\d+\s+)?\d+%\s(.*)$/

/** The first line of a screen of busybox's `top`. */
export function isBusyboxTop(line: string): boolean {
  return TITLE.test(line)
}

/** `busybox top -b`: memory in KiB; of processes only the virtual size. busybox procps/top.c, display_header() */
export const busyboxTop: MetricsFormat = {
  id: 'busybox-top',

  recognise: (lines) => lines.slice(0, 5).some(isBusyboxTop),

  parse(lines, hints) {
    const draft = createDraft('busybox-top', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    let screen = 0
    let stamp: PrintedInstant | null = null
    let sample: { line: number; fields: SampleFields } | null = null
    const close = () => {
      if (sample) draft.addSample(sample.line, blockTime({ stamp }, screen, clock), sample.fields)
      sample = null
    }
    lines.forEach((line, index) => {
      const number = index + 1
      const title = TITLE.exec(line)
      const instant = title ? null : parseStampLine(line)
      if (instant) {
        close()
        stamp = instant
        return
      }
      if (title) {
        // Two screens without an instant between them: the second has none.
        if (sample) {
          close()
          stamp = null
        }
        screen += 1
        sample = { line: number, fields: memoryOf(title) }
        return
      }
      const loads = LOADS.exec(line)
      if (loads && sample) {
        const [load1 = 0, load5 = 0, load15 = 0] = loads.slice(1).map(Number)
        Object.assign(sample.fields, { load1, load5, load15 })
        draft.recognise(number)
        return
      }
      if (screen === 0 || !/^\s*\d/.test(line)) return
      const row = parseRow(line)
      if (row) draft.addProcess(number, blockTime({ stamp }, screen, clock), row)
      else draft.warn(number, 'cut-row', 'Refused: not a whole row of the process table.')
    })
    close()
    return draft.finish('by-count')
  },
}

/** "used" is all that is not free, so both together are the whole. */
function memoryOf([, used, free, shared, buffers, cached]: RegExpExecArray): SampleFields {
  const bytes = (text: string | undefined) => (text === undefined ? null : kibToBytes(Number(text)))
  return {
    memTotal: kibToBytes(Number(used) + Number(free)),
    memFree: bytes(free),
    shmem: bytes(shared),
    buffers: bytes(buffers),
    cached: bytes(cached),
  }
}

function parseRow(line: string): ProcessRow | null {
  const row = ROW.exec(line)
  if (!row) return null
  const [, pid, ppid, user = '', size, command = ''] = row
  // "{name} command line" where the program calls itself otherwise.
  const [, name, rest] = /^\{(.+?)\} (.*)$/.exec(command.trim()) ?? []
  const args = rest ?? command.trim()
  return { ...bareProcess(Number(pid), name ?? commOf(args)), ppid: Number(ppid), user, vszKib: kibCell(size), args }
}
