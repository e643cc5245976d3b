import { atopLines } from '@/lib/metrics/formats/atop-lines'
import { atopScreen } from '@/lib/metrics/formats/atop-screen'
import { busyboxTop } from '@/lib/metrics/formats/busybox-top'
import { cgroupStat } from '@/lib/metrics/formats/cgroup-stat'
import { collectl } from '@/lib/metrics/formats/collectl'
import { dstat } from '@/lib/metrics/formats/dstat'
import { free } from '@/lib/metrics/formats/free'
import { lsof } from '@/lib/metrics/formats/lsof'
import { meminfo } from '@/lib/metrics/formats/meminfo'
import { nmon } from '@/lib/metrics/formats/nmon'
import { pidstat } from '@/lib/metrics/formats/pidstat'
import { pressure } from '@/lib/metrics/formats/pressure'
import { procStatus, smaps } from '@/lib/metrics/formats/proc-pid'
import { procVmstat } from '@/lib/metrics/formats/proc-vmstat'
import { ps } from '@/lib/metrics/formats/ps'
import type { MetricsFormat, MetricsReading } from '@/lib/metrics/formats/reading'
import { sadfJson } from '@/lib/metrics/formats/sadf-json'
import { sadfRaw } from '@/lib/metrics/formats/sadf-raw'
import { sadfRows } from '@/lib/metrics/formats/sadf-rows'
import { sadfTable } from '@/lib/metrics/formats/sadf-table'
import { sadfXml } from '@/lib/metrics/formats/sadf-xml'
import { sar } from '@/lib/metrics/formats/sar'
import { smem } from '@/lib/metrics/formats/smem'
import { splitStamp } from '@/lib/metrics/formats/stamp-lines'
import { swaps } from '@/lib/metrics/formats/swaps'
import { top } from '@/lib/metrics/formats/top'
import { loadavg, uptime } from '@/lib/metrics/formats/uptime'
import { vmstat } from '@/lib/metrics/formats/vmstat'
import { vmstatSummary } from '@/lib/metrics/formats/vmstat-summary'
import type { SourceHints } from '@/lib/source'

/** Every tool whose output is read. The first that recognises a text reads it; each text is claimed by exactly one. */
export const METRICS_FORMATS: readonly MetricsFormat[] = [
  sar,
  pidstat,
  sadfTable,
  sadfRows,
  sadfJson,
  sadfXml,
  sadfRaw,
  vmstat,
  vmstatSummary,
  free,
  meminfo,
  procVmstat,
  pressure,
  loadavg,
  swaps,
  top,
  busyboxTop,
  uptime,
  ps,
  smem,
  procStatus,
  smaps,
  cgroupStat,
  atopLines,
  atopScreen,
  collectl,
  dstat,
  nmon,
  lsof,
]

const HEAD_LINES = 60

// A log that quotes a tool's output is still a log: its kills matter more.
const KERNEL_LOG =
  /oom-killer: gfp_mask|Out of [Mm]emory: [Kk]ill|oom-kill:constraint=|Memory cgroup out of memory: |[Kk]illed process \d+|VM: killing process /

/**
 * Which tool printed this text, by its content alone.
 *
 * @param head the beginning of the text; 16 KiB are enough
 * @returns null for anything else, a kernel log above all
 */
export function recogniseMetrics(head: string): MetricsFormat | null {
  return KERNEL_LOG.test(head) ? null : (claimants(head)[0] ?? null)
}

/** Every format that takes this text for its own; where none does, those that do without an instant before each line. */
export function claimants(head: string): MetricsFormat[] {
  const lines = splitLines(head)
    .filter((line) => line.trim() !== '')
    .slice(0, HEAD_LINES)
  const plain = METRICS_FORMATS.filter((format) => format.recognise(lines))
  if (plain.length > 0) return plain
  const stamped = lines.map(splitStamp)
  if (stamped.every(({ stamp }) => stamp === null)) return []
  const texts = stamped.map(({ text }) => text)
  return METRICS_FORMATS.filter((format) => format.takesStampedLines && format.recognise(texts))
}

/**
 * Reads a tool's whole output. Pure: the same text and hints give the same reading, in any process.
 *
 * @param format from `recogniseMetrics`
 * @param text decoded; line ends may be LF or CRLF
 */
export function readMetrics(format: MetricsFormat, text: string, hints: SourceHints): MetricsReading {
  return format.parse(splitLines(text), hints)
}

function splitLines(text: string): string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}
