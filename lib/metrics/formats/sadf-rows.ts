import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { parseNumber } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine } from '@/lib/metrics/formats/stamp-lines'
import { isSysstatColumn, pageSizeOf, type SysstatCells, sysstatFields } from '@/lib/metrics/formats/sysstat'

interface Instant {
  line: number
  host: string
  stampText: string
  cells: SysstatCells
}

/** `sadf -p`: one value a line, "host⇥interval⇥timestamp⇥device⇥field⇥value"; the lines of one instant are one sample. */
export const sadfRows: MetricsFormat = {
  id: 'sadf-p',

  recognise: (lines) =>
    lines.slice(0, 10).some((line) => {
      const [, interval = '', stamp = '', device = '', field = '', value] = line.split('\t')
      return (
        /^-?\d+$/.test(interval) &&
        parseStampLine(stamp) !== null &&
        /^\S+$/.test(device) &&
        field !== '' &&
        parseNumber(value) !== null
      )
    }),

  parse(lines, hints) {
    const draft = createDraft('sadf-p', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    let open: Instant | null = null

    function close(): void {
      if (!open || open.cells.size === 0) return
      const stamp = parseStampLine(open.stampText)
      const at = stamp && clock.resolve(stamp)
      const fields = sysstatFields(open.cells, open.cells.has('pswpin/s') ? pageSizeOf(null, draft) : 4096)
      if ('broken' in fields) draft.warn(open.line, 'not-a-number', `Refused: ${fields.broken} is no number.`)
      else if (at === null) draft.warn(open.line, 'impossible-time', `Refused: no such time as "${open.stampText}".`)
      else draft.addSample(open.line, { at }, fields)
    }

    lines.forEach((line, index) => {
      const number = index + 1
      const [host = '', , stampText = '', device, field, value] = line.split('\t')
      if (/LINUX-RESTART/.test(line)) {
        const stamp = parseStampLine(stampText)
        const at = stamp && clock.resolve(stamp)
        if (at !== null && draft.claimHost(host, number)) draft.addBoot({ at, line: number, text: line })
        return
      }
      if (value === undefined || field === undefined) {
        if (line.trim() !== '') draft.warn(number, 'cut-row', 'Refused: fewer than six columns.')
        return
      }
      if (device !== '-' || !isSysstatColumn(field)) return
      if (!open || open.stampText !== stampText || open.host !== host || open.cells.has(field)) {
        close()
        open = draft.claimHost(host, number) ? { line: number, host, stampText, cells: new Map() } : null
      }
      open?.cells.set(field, parseNumber(value))
      if (open) draft.recognise(number)
    })
    close()
    return draft.finish('samples')
  },
}
