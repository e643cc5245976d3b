import { createLocalClock, type PrintedInstant } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { blockTime } from '@/lib/metrics/formats/keyed-blocks'
import { bareProcess, commOf, kibCell, pidCell } from '@/lib/metrics/formats/process-table'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine } from '@/lib/metrics/formats/stamp-lines'

// "  PID User     Command                         Swap      USS      PSS      RSS "
const HEADER = /^\s*PID\s+User\s+Command\s+(Swap\s.*\bRSS.*?)\s*$/
const LONGEST_ROW = 4096

/** `smem`: processes with what is swapped; KiB, or with suffixes (-k). Totals behind the ruled line are left out. */
export const smem: MetricsFormat = {
  id: 'smem',

  recognise: (lines) => lines.slice(0, 4).some((line) => HEADER.test(line)),

  parse(lines, hints) {
    const draft = createDraft('smem', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    let amounts: string[] | null = null
    let stamp: PrintedInstant | null = null
    let list = 0
    lines.forEach((line, index) => {
      const number = index + 1
      const header = HEADER.exec(line)
      if (header) {
        amounts = (header[1] ?? '').split(/\s+/)
        list += 1
        draft.recognise(number)
        return
      }
      const instant = parseStampLine(line)
      if (instant) stamp = instant
      if (instant || /^-+$/.test(line)) amounts = null
      if (!amounts || line.trim() === '' || line.length > LONGEST_ROW) return
      // The command may hold blanks, so the amounts are counted from the right.
      const cells = line.trim().split(/\s+/)
      const names = amounts
      const cell = (name: string) => kibCell(cells[cells.length - names.length + names.indexOf(name)])
      const pid = pidCell(cells[0])
      const command = cells.slice(2, -names.length).join(' ')
      if (pid === null || command === '' || cell('RSS') === null)
        draft.warn(number, 'cut-row', 'Refused: not a whole row of the process table.')
      else
        draft.addProcess(number, blockTime({ stamp }, list, clock), {
          ...bareProcess(pid, commOf(command)),
          user: cells[1] ?? null,
          rssKib: cell('RSS'),
          swapKib: cell('Swap'),
          args: command,
        })
    })
    return draft.finish('by-count')
  },
}
