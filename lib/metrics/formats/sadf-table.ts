import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { parseNumber } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { parseStampLine } from '@/lib/metrics/formats/stamp-lines'
import { isSysstatColumn, pageSizeOf, type SysstatCells, sysstatFields } from '@/lib/metrics/formats/sysstat'

/** `sadf -d`: rows separated by semicolons under "# hostname;interval;timestamp;…", a new header for each activity. */
export const sadfTable: MetricsFormat = {
  id: 'sadf-d',

  recognise: (lines) => lines.slice(0, 10).some((line) => /^# hostname;interval;timestamp/.test(line)),

  parse(lines, hints) {
    const draft = createDraft('sadf-d', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    let columns: string[] | null = null
    lines.forEach((line, index) => {
      const number = index + 1
      if (line.startsWith('#')) {
        const names = line.replace(/^#\s*/, '').split(';').slice(3)
        // With -h all tables share one row; behind a list of devices ("[...]") a value's place tells nothing.
        const list = names.findIndex((name) => name.endsWith('[...]'))
        columns = list < 0 ? names : names.slice(0, list)
        if (list >= 0 && names.slice(list).some(isSysstatColumn))
          draft.warn(
            number,
            'ambiguous-columns',
            'Columns behind a list of devices cannot be told apart. Run sadf without -h.',
          )
        draft.recognise(number)
        return
      }
      if (!columns || line.trim() === '') return
      const [host = '', , stampText = '', ...values] = line.split(';')
      const stamp = parseStampLine(stampText.trim())
      if (!stamp) {
        draft.warn(number, 'impossible-time', `Refused: "${stampText.slice(0, 40)}" is no time.`)
        return
      }
      if (!draft.claimHost(host, number)) return
      const at = clock.resolve(stamp)
      if (values[0]?.startsWith('LINUX-RESTART')) {
        if (at !== null) draft.addBoot({ at, line: number, text: line })
        return
      }
      if (values[0]?.startsWith('COM') && values.length !== columns.length) return
      if (!columns.some(isSysstatColumn)) return
      if (values.length < columns.length) {
        draft.warn(number, 'cut-row', `Refused: ${values.length} values under ${columns.length} columns.`)
        return
      }
      const cells: SysstatCells = new Map(columns.map((name, column) => [name, parseNumber(values[column])]))
      const fields = sysstatFields(cells, columns.includes('pswpin/s') ? pageSizeOf(null, draft) : 4096)
      if ('broken' in fields) draft.warn(number, 'not-a-number', `Refused: ${fields.broken} is no number.`)
      else if (at === null) draft.warn(number, 'impossible-time', `Refused: no such time as "${stampText}".`)
      else draft.addSample(number, { at }, fields)
    })
    return draft.finish('samples')
  },
}
