import { createDraft } from '@/lib/metrics/formats/draft'
import { parseNumber } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import type { OpenFilesRow } from '@/lib/metrics/process'

// "COMMAND     PID   TID TASKCMD   USER   FD      TYPE             DEVICE  SIZE/OFF       NODE NAME"
const HEADER = /^COMMAND\s+PID\s.*\bFD\s+TYPE\s.*NAME\s*$/
// Working directory, root, text, mapping … or the number of a descriptor with its mode and lock: "4u", "12wW"
const DESCRIPTOR = /^(cwd|rtd|txt|mem|DEL|err|ltx|NOFD|\d+[a-zA-Z-]*)$/

interface Row {
  comm: string
  pid: number
  isThread: boolean
  user: string
  descriptor: string
  /** DEVICE, SIZE/OFF, NODE, NAME; blanks in names are printed as "\\x20". */
  rest: string[]
}

/** Columns between the pid and the user differ by version (TID TASKCMD, PGID, PPID), so the descriptor is looked for. */
function parseRow(line: string): Row | null {
  const cells = line.trim().split(/\s+/)
  const [comm = '', pidText = ''] = cells
  const place = cells.findIndex(
    (cell, index) => index >= 3 && DESCRIPTOR.test(cell) && /^[A-Za-z]/.test(cells[index + 1] ?? ''),
  )
  if (place < 0 || !/^\d+$/.test(pidText)) return null
  return {
    comm: comm.replaceAll('\\x20', ' '),
    pid: Number(pidText),
    isThread: place >= 5 && /^\d+$/.test(cells[2] ?? ''),
    user: cells[place - 1] ?? '',
    descriptor: cells[place] ?? '',
    rest: cells.slice(place + 2),
  }
}

/** `lsof`: what each process held open, and how much of it nobody else can see. */
export const lsof: MetricsFormat = {
  id: 'lsof',

  recognise: (lines) => lines.slice(0, 6).some((line) => HEADER.test(line)),

  parse(lines, hints) {
    const draft = createDraft('lsof', lines.length, hints)
    const processes = new Map<number, OpenFilesRow>()
    const counted = new Set<string>()
    lines.forEach((line, index) => {
      if (HEADER.test(line)) {
        draft.recognise(index + 1)
        return
      }
      const row = parseRow(line)
      if (!row) return
      draft.recognise(index + 1)
      // Threads share the files of their process.
      if (row.isThread) return
      const { comm, pid, user, descriptor, rest } = row
      const process = processes.get(pid) ?? { pid, comm, user, files: 0, deletedBytes: null, sharedBytes: null }
      processes.set(pid, process)
      process.files += 1
      // DEVICE SIZE/OFF NODE NAME; an offset ("0t0") is no size.
      const [device = '', sizeText, node = '', ...name] = rest
      // A deleted mapping (DEL) has no size, so its node stands in that place.
      const size = descriptor === 'DEL' ? null : parseNumber(sizeText)
      const identity = `${pid} ${device} ${node}`
      if (size === null || counted.has(identity)) return
      counted.add(identity)
      const isDeleted = rest.at(-1) === '(deleted)'
      if (isDeleted) process.deletedBytes = (process.deletedBytes ?? 0) + size
      if (/^(\/dev\/shm\/|\/SYSV[0-9a-f]{8}|\/memfd:)/.test(name[0] ?? ''))
        process.sharedBytes = (process.sharedBytes ?? 0) + size
    })
    for (const process of processes.values()) draft.addOpenFiles(process)
    return draft.finish('snapshot')
  },
}
