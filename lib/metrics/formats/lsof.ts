import { createDraft } from '@/lib/metrics/formats/draft'
import { parseNumber } from '@/lib/metrics/formats/numbers'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import type { OpenFilesRow } from '@/lib/metrics/process'

// "COMMAND     PID   TID TASKCMD   USER   FD      TYPE             DEVICE  SIZE/OFF       NODE NAME"
const HEADER = /^COMMAND\s+PID\s.*\bFD\s+TYPE\s.*NAME\s*$/
// name · pid · thread and its name, or parent and group · user · descriptor or mapping · type · device and the rest
const ROW =
  /^(\S.*?)\s+(\d+)\s+(?:(\d+)\s+(\S+)\s+)?(\S+)\s+(cwd|rtd|txt|mem|DEL|err|ltx|NOFD|\d+[a-zA-Z-]*)\s+([A-Za-z0-9]+)\s+(.*)$/

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
      const row = ROW.exec(line)
      if (!row) return
      draft.recognise(index + 1)
      const [, comm = '', pidText, thread, , user = '', descriptor = '', , rest = ''] = row
      // Threads share the files of their process.
      if (thread !== undefined) return
      const pid = Number(pidText)
      const process = processes.get(pid) ?? { pid, comm, user, files: 0, deletedBytes: null, sharedBytes: null }
      processes.set(pid, process)
      process.files += 1
      // DEVICE SIZE/OFF NODE NAME; an offset ("0t0") is no size.
      const [device = '', sizeText, node = ''] = rest.trim().split(/\s+/)
      // A deleted mapping (DEL) has no size, so its node stands in that place.
      const size = descriptor === 'DEL' ? null : parseNumber(sizeText)
      const identity = `${pid} ${device} ${node}`
      if (size === null || counted.has(identity)) return
      counted.add(identity)
      const isDeleted = /\(deleted\)\s*$/.test(rest)
      if (isDeleted) process.deletedBytes = (process.deletedBytes ?? 0) + size
      if (/\s(\/dev\/shm\/|\/SYSV[0-9a-f]{8}|\/memfd:)/.test(rest))
        process.sharedBytes = (process.sharedBytes ?? 0) + size
    })
    for (const process of processes.values()) draft.addOpenFiles(process)
    return draft.finish('snapshot')
  },
}
