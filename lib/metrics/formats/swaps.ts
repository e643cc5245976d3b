import { createLocalClock, type PrintedInstant } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { blockTime } from '@/lib/metrics/formats/keyed-blocks'
import { KIB, parseSize } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine } from '@/lib/metrics/formats/stamp-lines'

interface Table {
  line: number
  stamp: PrintedInstant | null
  columns: string[]
  totalBytes: number
  usedBytes: number
  isBroken: boolean
}

/** `/proc/swaps`, `swapon -s` (both KiB) and `swapon --show` (suffixes, or bytes); a header alone means no swap at all. */
export const swaps: MetricsFormat = {
  id: 'swaps',

  recognise: (lines) => lines.slice(0, 4).some((line) => headerOf(line) !== null),

  parse(lines, hints) {
    const draft = createDraft('swaps', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    const tables: Table[] = []
    let stamp: PrintedInstant | null = null
    lines.forEach((line, index) => {
      const columns = headerOf(line)
      const open = tables.at(-1)
      if (columns) {
        tables.push({ line: index + 1, stamp, columns, totalBytes: 0, usedBytes: 0, isBroken: false })
        draft.recognise(index + 1)
        stamp = null
      } else if (parseStampLine(line)) stamp = parseStampLine(line)
      else if (open && line.trim() !== '') takeRow(open, line, index + 1, draft)
    })
    tables.forEach((table, index) => {
      const { totalBytes, usedBytes, isBroken } = table
      if (isBroken) return
      if (usedBytes > totalBytes) draft.warn(table.line, 'impossible-value', 'Refused: more swap used than there is.')
      else
        draft.addSample(table.line, blockTime(table, index, clock), {
          swapTotal: totalBytes,
          swapFree: totalBytes - usedBytes,
        })
    })
    return draft.finish('by-count')
  },
}

function takeRow(
  table: Table,
  line: string,
  number: number,
  draft: { warn(line: number, code: string, detail: string): void; recognise(line: number): void },
): void {
  // The path comes first and may hold spaces, so columns are counted from the right.
  const cells = line.trim().split(/\s+/)
  const fromRight = (name: string) => cells[cells.length - (table.columns.length - table.columns.indexOf(name))]
  // /proc/swaps counts KiB; `swapon --show` prints suffixes, and bare numbers only with --bytes.
  const unit = table.columns.includes('Filename') ? KIB : 1
  const total = parseSize(fromRight('size'), unit)
  const used = parseSize(fromRight('used'), unit)
  if (cells.length < table.columns.length || total === null || used === null) {
    table.isBroken = true
    draft.warn(number, 'cut-row', 'Refused: no size and used amount in this row; the total is unknown.')
    return
  }
  draft.recognise(number)
  table.totalBytes += total
  table.usedBytes += used
}

/** "Filename Type Size Used Priority" or "NAME TYPE SIZE USED PRIO", with `size` and `used` in small letters. */
function headerOf(line: string): string[] | null {
  const names = line.trim().split(/\s+/)
  const isProc = names[0] === 'Filename' && names.includes('Size') && names.includes('Used')
  const isShow = names[0] === 'NAME' && names.includes('SIZE') && names.includes('USED')
  return isProc || isShow ? names.map((name) => (/^(size|used)$/i.test(name) ? name.toLowerCase() : name)) : null
}
