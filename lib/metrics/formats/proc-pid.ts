import { createDraft } from '@/lib/metrics/formats/draft'
import { bareProcess, pidCell } from '@/lib/metrics/formats/process-table'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'

const STATUS_LINE = /^(Name|State|Tgid|Pid|PPid|Uid|VmSize|VmRSS|VmSwap):\t(.*)$/

/** `/proc/PID/status`, of one process or several one after the other. Linux fs/proc/array.c, fs/proc/task_mmu.c */
export const procStatus: MetricsFormat = {
  id: 'proc-status',

  recognise: (lines) => /^Name:\t/.test(lines[0] ?? '') && lines.slice(0, 12).some((line) => /^Pid:\t\d+/.test(line)),

  parse(lines, hints) {
    const draft = createDraft('proc-status', lines.length, hints)
    let open: Map<string, string> | null = null
    let from = 0
    function close(): void {
      const pid = Number(open?.get('Pid'))
      if (!open || !Number.isInteger(pid)) return
      draft.addProcess(
        from,
        { at: null, key: 'status' },
        {
          ...bareProcess(pid, open.get('Name') ?? ''),
          user: open.get('Uid')?.split(/\s/, 1)[0] ?? null,
          ppid: pidCell(open.get('PPid')),
          rssKib: kib(open.get('VmRSS')),
          swapKib: kib(open.get('VmSwap')),
          vszKib: kib(open.get('VmSize')),
        },
      )
    }
    lines.forEach((line, index) => {
      const [, name, value = ''] = STATUS_LINE.exec(line) ?? []
      if (name === undefined) return
      draft.recognise(index + 1)
      if (name === 'Name') {
        close()
        open = new Map()
        from = index + 1
      }
      open?.set(name, value.trim())
    })
    close()
    return draft.finish('snapshot')
  },
}

// "560c16619000-7ffcf5bf0000 ---p 00000000 00:00 0                          [rollup]"
const MAPPING = /^[0-9a-f]+-[0-9a-f]+ [r-][w-][x-][ps] [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ \d+/
const SIZE = /^(Rss|Swap):\s+(\d+) kB\s*$/

/** `/proc/PID/smaps` and `smaps_rollup`, added up. The text names no process; its path may. Linux fs/proc/task_mmu.c */
export const smaps: MetricsFormat = {
  id: 'smaps',

  recognise: (lines) =>
    MAPPING.test(lines[0] ?? '') && lines.slice(1, 8).some((line) => /^(Rss|Size):\s+\d+ kB/.test(line)),

  parse(lines, hints) {
    const draft = createDraft('smaps', lines.length, hints)
    const totals = { Rss: 0, Swap: 0 }
    lines.forEach((line, index) => {
      const [, name, amount] = SIZE.exec(line) ?? []
      if (MAPPING.test(line)) draft.recognise(index + 1)
      if (name !== 'Rss' && name !== 'Swap') return
      draft.recognise(index + 1)
      totals[name] += Number(amount)
    })
    const pid = /(?:^|[/-])(\d+)[/-]smaps(?:_rollup)?(?:\.|$)/.exec(hints.name)?.[1]
    if (pid === undefined)
      draft.warn(
        0,
        'no-process',
        `${totals.Rss} kB resident and ${totals.Swap} kB swapped, of a process that neither the text nor the name of the file tells.`,
      )
    else
      draft.addProcess(1, { at: null }, { ...bareProcess(Number(pid), ''), rssKib: totals.Rss, swapKib: totals.Swap })
    return draft.finish('snapshot')
  },
}

function kib(text: string | undefined): number | null {
  const amount = /^(\d+) kB$/.exec(text ?? '')?.[1]
  return amount === undefined ? null : Number(amount)
}
