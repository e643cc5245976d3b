import { createLocalClock } from '@/lib/metrics/formats/clock'
import { createDraft } from '@/lib/metrics/formats/draft'
import { blockTime, readKeyedBlocks } from '@/lib/metrics/formats/keyed-blocks'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'

// "some avg10=5.66 avg60=1.09 avg300=0.23 total=732989". Linux kernel/sched/psi.c, psi_show()
const LINE = /^(some|full) avg10=(\d+\.\d+) avg60=\d+\.\d+ avg300=\d+\.\d+ total=\d+\s*$/

/** `/proc/pressure/memory`, once or as a series. The text does not say which resource it is about; only its name can. */
export const pressure: MetricsFormat = {
  id: 'pressure',
  takesStampedLines: true,

  recognise: (lines) => lines.slice(0, 6).some((line) => LINE.test(line)),

  parse(lines, hints) {
    const draft = createDraft('pressure', lines.length, hints)
    const clock = createLocalClock(hints, draft)
    const blocks = readKeyedBlocks(lines, (line, number) => {
      const [, share, avg10] = LINE.exec(line) ?? []
      if (share === undefined) {
        if (/^(some|full)\b/.test(line)) draft.warn(number, 'cut-row', 'Refused: not a whole line of averages.')
        return null
      }
      draft.recognise(number)
      return [share, Number(avg10)]
    })
    const resource = resourceOf(hints.name)
    if (resource === 'other') {
      draft.warn(
        0,
        'other-resource',
        `${hints.name} is not the memory pressure of the machine; nothing was taken from it.`,
      )
      return draft.finish('snapshot')
    }
    draft.assume({
      what: 'resource',
      value: 'memory',
      why:
        resource === 'memory'
          ? 'the name of the file'
          : 'the text does not say; processor and disk pressure look alike',
      isEvidenced: resource === 'memory',
    })
    blocks.forEach((block, index) => {
      draft.addSample(block.line, blockTime(block, index, clock), {
        psiMemSomeAvg10: block.entries.get('some') ?? null,
        psiMemFullAvg10: block.entries.get('full') ?? null,
      })
    })
    return draft.finish('by-count')
  },
}

/** `memory.pressure` is one control group's, not the machine's. */
function resourceOf(name: string): 'memory' | 'other' | 'unknown' {
  const tail = name.toLowerCase().split(/[/:!]/).slice(-2).join('/')
  if (/memory\.pressure|(?<![a-z])(cpu|io|irq)(?![a-z])/.test(tail)) return 'other'
  return /(?<![a-z])(memory|mem)(?![a-z])/.test(tail) ? 'memory' : 'unknown'
}
