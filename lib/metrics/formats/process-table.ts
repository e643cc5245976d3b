import { KIB, parseSize } from '@/lib/metrics/formats/numbers'
import type { ProcessRow } from '@/lib/metrics/process'

// Kernel threads whose own names hold a slash, where a tool prints them without brackets.
const KERNEL_THREAD = /^(kworker|ksoftirqd|migration|cpuhp|idle_inject|watchdog|irq|rcuo\w*|scsi_\w+)\//

/**
 * The program's name from a command line: "/usr/bin/perl -w x" → perl, "[kworker/0:1]" → kworker/0:1,
 * "nginx: worker" → nginx, "-bash" → bash.
 */
export function commOf(command: string): string {
  const text = command.trim().replace(/^[\s|`\\_+-]+(?=\S)/, '')
  const kernelThread = /^\[(.+)\]$/.exec(text)
  if (kernelThread) return kernelThread[1] ?? text
  const first = text.split(/\s/, 1)[0] ?? ''
  const name = KERNEL_THREAD.test(first) ? first : (first.split('/').at(-1) ?? first)
  return name.replace(/:$/, '') || text
}

/**
 * Name and command line from a column that holds either: the kernel keeps 15 characters of a name, and names may hold
 * spaces ("Web Content").
 */
export function nameOrCommandLine(command: string): { comm: string; args: string | null } {
  const isCommandLine = command.length > 15 || command.startsWith('/') || /\s-\w/.test(command)
  return isCommandLine ? { comm: commOf(command), args: command } : { comm: command, args: null }
}

/** KiB from a size cell of top or atop: bare numbers are KiB, "3.1g" and "5.3M" carry their unit. */
export function kibCell(text: string | undefined): number | null {
  const bytes = parseSize(text, KIB)
  return bytes === null ? null : Math.round(bytes / KIB)
}

/** A row with everything unknown but pid and name. */
export function bareProcess(pid: number, comm: string): ProcessRow {
  return { pid, comm, user: null, ppid: null, rssKib: null, swapKib: null, vszKib: null, args: null }
}

/** A process id; null for a cell that holds none. */
export function pidCell(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null
}
