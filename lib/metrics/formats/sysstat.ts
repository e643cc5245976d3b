import type { Draft } from '@/lib/metrics/formats/draft'
import { KIB } from '@/lib/metrics/formats/numbers'
import type { SampleFields } from '@/lib/metrics/plausible'
import type { SampleField } from '@/lib/metrics/sample'
import type { Bytes } from '@/lib/units'

/** Columns of sar that are a field as they stand. sysstat activity.c, hdr_line; names are the same since sysstat 7. */
const COLUMNS: Record<string, [SampleField, 'kib' | 'pages' | 'plain']> = {
  kbmemfree: ['memFree', 'kib'],
  kbavail: ['memAvailable', 'kib'],
  kbbuffers: ['buffers', 'kib'],
  kbcached: ['cached', 'kib'],
  kbcommit: ['committedAs', 'kib'],
  kbdirty: ['dirty', 'kib'],
  kbanonpg: ['anonPages', 'kib'],
  kbshmem: ['shmem', 'kib'],
  kbkstack: ['kernelStack', 'kib'],
  kbpgtbl: ['pageTables', 'kib'],
  kbttlmem: ['memTotal', 'kib'],
  kbswpfree: ['swapFree', 'kib'],
  kbswpcad: ['swapCached', 'kib'],
  'pswpin/s': ['swapInPerSec', 'pages'],
  'pswpout/s': ['swapOutPerSec', 'pages'],
  'majflt/s': ['majorFaultsPerSec', 'plain'],
  'ldavg-1': ['load1', 'plain'],
  'ldavg-5': ['load5', 'plain'],
  'ldavg-15': ['load15', 'plain'],
  '%smem-10': ['psiMemSomeAvg10', 'plain'],
  '%fmem-10': ['psiMemFullAvg10', 'plain'],
}

/** Columns needed to derive others. */
const SUPPORTING = new Set(['kbmemused', '%memused', 'kbslab', 'kbswpused', 'kbttlswp'])

/** True for a column that tells of memory. */
export function isSysstatColumn(name: string): boolean {
  return name in COLUMNS || SUPPORTING.has(name)
}

/** Cells of one row by column name, in sar's own units; null for a cell that is no number. */
export type SysstatCells = Map<string, number | null>

/**
 * Canonical fields of one row of any sysstat table.
 *
 * @param pageSizeBytes for the columns counted in pages
 * @returns the name of the first cell that is no number, when there is one
 */
export function sysstatFields(cells: SysstatCells, pageSizeBytes: Bytes): SampleFields | { broken: string } {
  const fields: SampleFields = {}
  for (const [name, value] of cells) {
    if (!isSysstatColumn(name)) continue
    if (value === null) return { broken: name }
    const column = COLUMNS[name]
    if (column) fields[column[0]] = value * (column[1] === 'kib' ? KIB : column[1] === 'pages' ? pageSizeBytes : 1)
  }
  const [swapFree, swapUsed, swapTotal] = ['kbswpfree', 'kbswpused', 'kbttlswp'].map((name) => cells.get(name) ?? null)
  if (swapFree !== null && swapUsed !== null && swapFree !== undefined && swapUsed !== undefined)
    fields.swapTotal = (swapFree + swapUsed) * KIB
  else if (swapTotal !== null && swapTotal !== undefined) fields.swapTotal = swapTotal * KIB
  return { ...fields, ...usedAndTotal(cells) }
}

/**
 * `kbmemused` was total − free until sysstat 11.7 and total − free − buffers − cached − slab after it, and nothing in
 * the text says which. The percentage beside it does: it is of the total.
 */
function usedAndTotal(cells: SysstatCells): SampleFields {
  const used = cells.get('kbmemused') ?? null
  const free = cells.get('kbmemfree') ?? null
  if (used === null || free === null || cells.has('kbttlmem')) return {}
  const percent = cells.get('%memused') ?? null
  const caches = (cells.get('kbbuffers') ?? 0) + (cells.get('kbcached') ?? 0)
  const slab = cells.get('kbslab') ?? null
  if (percent !== null) {
    const plain = free + used
    const withCaches = slab === null ? null : plain + caches + slab
    // Where the caches are too small to move the percentage, the two meanings cannot be told apart.
    const isTellable = Math.abs((used / plain - used / (plain + caches)) * 100) > 0.02
    if (isTellable && isPercentOf(percent, used, plain)) return { memTotal: plain * KIB }
    if (withCaches !== null && isPercentOf(percent, used, withCaches)) return { memTotal: withCaches * KIB }
  }
  return { memUsed: used * KIB }
}

function isPercentOf(percent: number, part: number, whole: number): boolean {
  return Math.abs((part / whole) * 100 - percent) <= 0.0051
}

// Machines whose kernels are built with one page size only. Linux arch/*/Kconfig.
const FOUR_KIB_ONLY = /^(x86_64|i[3-6]86|s390x?|riscv64|armv[4-7]\w*|amd64)$/

/** The page size of an architecture as `uname -m` names it; what is not certain is recorded as a guess. */
export function pageSizeOf(machine: string | null, draft: Draft): Bytes {
  if (machine !== null && FOUR_KIB_ONLY.test(machine)) {
    draft.assume({ what: 'page-size', value: '4096', why: `${machine} has no other`, isEvidenced: true })
    return 4096
  }
  const isPower = machine !== null && /^ppc64/.test(machine)
  draft.assume({
    what: 'page-size',
    value: isPower ? '65536' : '4096',
    why: machine === null ? 'the file does not say; 4 KiB is the rule' : `usual on ${machine}, but it has others`,
    isEvidenced: false,
  })
  return isPower ? 65536 : 4096
}

/** Banner of sar and pidstat: kernel, host, date as printed, architecture. */
export interface Banner {
  kernel: string
  host: string
  dateText: string
  machine: string | null
}

// "Linux 6.1.0-18-amd64 (web-07) \t11/24/26 \t_x86_64_\t(8 CPU)" · sysstat 7 prints neither architecture nor CPUs
const BANNER = /^Linux (\S+) \((.+?)\)\s+(\S.*?)\s*(?:\s_(\S+)_\s*(?:\(.*)?)?$/

export function parseBanner(line: string): Banner | null {
  const banner = line.length < 300 ? BANNER.exec(line) : null
  if (!banner) return null
  const [, kernel = '', host = '', dateText = '', machine] = banner
  return /\p{Nd}/u.test(dateText) ? { kernel, host, dateText, machine: machine ?? null } : null
}
