import { free } from '@/lib/metrics/formats/free'
import { lsof } from '@/lib/metrics/formats/lsof'
import { meminfo } from '@/lib/metrics/formats/meminfo'
import { ps } from '@/lib/metrics/formats/ps'
import type { MetricsFormat } from '@/lib/metrics/formats/reading'
import { top } from '@/lib/metrics/formats/top'
import { vmstat } from '@/lib/metrics/formats/vmstat'

/** A tool whose output people paste, and scripts log, among the lines of a log. */
export interface PastedTool {
  format: MetricsFormat
  /** Its first line, which begins another printing wherever it stands. */
  begins: RegExp
  /** A line that its reader needs before it takes the rows below. */
  heads?: RegExp
  /** A line of its layout that tells nothing of memory. */
  passes?: RegExp
  /** Each of its rows is a sample of its own. */
  isSeries?: true
  /** Its lines are called as those of the kernel's reports are; any other printing ends before such a line. */
  takesKernelWords?: true
}

export const PASTED_TOOLS: readonly PastedTool[] = [
  {
    format: ps,
    // VIRT and RES are top's.
    begins: /^(?!.*\b(?:VIRT|RES)\b)\s*(?:[%A-Z_+]+\s+){0,15}PID\s+(?:[%A-Z_+]+\s+){0,15}(?:COMMAND|CMD|ARGS|COMM)\s*$/,
  },
  {
    format: free,
    begins: /^\s*total +used +free +shared +(?:buffers|buff\/cache)/,
    // The row of memory says what the rows below it are.
    heads: /^\s*Mem\.?:/,
  },
  { format: lsof, begins: /^COMMAND\s+PID\s.*\bFD\s+TYPE\s.*NAME\s*$/ },
  {
    format: top,
    begins: /^\s*top - \d{1,2}[:.h]\d\d.{0,80}\bup\b/,
    heads: /^\s*PID\s+[A-Z]+\s[^\d:]{10,120}$/,
    // "Tasks: 231 total,   1 running, …" · "%Cpu(s):  1.2 us, …" · "Cpu0  :  3.0%us, …"
    passes: /^\s*(?:Tasks|Threads|%?Cpu(?:\(s\)|\d{1,4}))\s*:/,
  },
  {
    format: vmstat,
    begins: /^procs\s+-+memory-+/,
    heads: /^\s*r\s+b\s+swpd\s+free\s/,
    isSeries: true,
  },
  { format: meminfo, begins: /^MemTotal:\s+\d{1,15} kB\s*$/, takesKernelWords: true },
]
