import { type Bytes, type EpochMs, formatBytes, formatCount, formatKib, type Kib } from '@/lib/units'

/** One row of a process list (ps, top, atop, pidstat, /proc/PID/status). A column the tool did not print is null. */
export interface ProcessRow {
  pid: number
  /** Name of the program: without path, arguments and the brackets of kernel threads. */
  comm: string
  user: string | null
  ppid: number | null
  rssKib: Kib | null
  swapKib: Kib | null
  /** Virtual size. */
  vszKib: Kib | null
  /** Command line as printed; null when the tool prints only the name. */
  args: string | null
}

/** Processes at one instant, in the order printed. */
export interface ProcessList {
  at: EpochMs | null
  /** 1-based line of the first row. */
  line: number
  rows: ProcessRow[]
}

/** What one process held open, from lsof. */
export interface OpenFilesRow {
  pid: number
  comm: string
  user: string | null
  files: number
  /** Files removed from their folder but still open: space nobody can see; null when no size was printed. */
  deletedBytes: Bytes | null
  /** Files under /dev/shm and SysV segments: memory that no process list shows. */
  sharedBytes: Bytes | null
}

/** One control group's `memory.stat` (v1 or v2). Unknown keys are kept in `stats` as printed. */
export interface CgroupMemory {
  version: 1 | 2
  anonBytes: Bytes | null
  fileBytes: Bytes | null
  swapBytes: Bytes | null
  /** Smallest limit on the way to the root; null in v2, where another file has it, and when there is none. */
  limitBytes: Bytes | null
  /** Memory and swap together (v1). */
  limitWithSwapBytes: Bytes | null
  stats: Record<string, number>
}

/** The list in which the largest process was largest; the last one when no list tells sizes. Null without lists. */
export function largestMoment(lists: ProcessList[]): ProcessList | null {
  let best: ProcessList | null = null
  let bestRss = -1
  for (const list of lists) {
    const rss = list.rows.reduce((max, row) => Math.max(max, row.rssKib ?? -1), -1)
    if (rss > bestRss || bestRss === -1) {
      best = list
      bestRss = rss
    }
  }
  return best
}

/** Totals by program name, largest first; null RSS counts as unknown, not as 0. */
export function totalsByProgram(rows: ProcessRow[]): { comm: string; processes: number; rssKib: Kib | null }[] {
  const totals = new Map<string, { comm: string; processes: number; rssKib: Kib | null }>()
  for (const row of rows) {
    const total = totals.get(row.comm) ?? { comm: row.comm, processes: 0, rssKib: null }
    total.processes += 1
    if (row.rssKib !== null) total.rssKib = (total.rssKib ?? 0) + row.rssKib
    totals.set(row.comm, total)
  }
  return [...totals.values()].sort((a, b) => (b.rssKib ?? -1) - (a.rssKib ?? -1) || b.processes - a.processes)
}

const PROGRAMS_TOLD = 5

/** A process list in words for the timeline: how many there were, and what the largest programs held together. */
export function heldByProgram(rows: ProcessRow[]): { processes: number; programs: string | null } {
  const largest = totalsByProgram(rows)
    .filter(({ rssKib }) => rssKib !== null)
    .slice(0, PROGRAMS_TOLD)
    .map((program) => `${program.comm} (${program.processes}): ${formatKib(program.rssKib ?? 0)}`)
  return { processes: rows.length, programs: largest.length > 0 ? largest.join(' · ') : null }
}

/** How many processes the commonest programs had, for a list without sizes; null where no program has two. */
export function countsByProgram(rows: ProcessRow[]): string | null {
  const told = totalsByProgram(rows)
    .filter(({ processes }) => processes > 1)
    .sort((a, b) => b.processes - a.processes)
    .slice(0, PROGRAMS_TOLD)
    .map(({ comm, processes }) => `${comm} × ${formatCount(processes)}`)
  return told.length > 0 ? told.join(' · ') : null
}

const FAMILIES_TOLD = 3

/**
 * The tree of a process list in words: whom the largest families descend from, with the number of their descendants.
 * Null where the list names no parents.
 */
export function largestFamilies(rows: ProcessRow[]): string | null {
  const byPid = new Map(rows.map((row) => [row.pid, row]))
  const descendants = new Map<number, number>()
  for (const row of rows) {
    const seen = new Set([row.pid])
    for (let parent = row.ppid; parent !== null && !seen.has(parent); parent = byPid.get(parent)?.ppid ?? null) {
      seen.add(parent)
      descendants.set(parent, (descendants.get(parent) ?? 0) + 1)
    }
  }
  const told = [...descendants]
    .flatMap(([pid, count]) => {
      const row = byPid.get(pid)
      // The first process and the kernel's own are the parents of everybody.
      return row && pid > 2 && count > 1 ? [{ row, count }] : []
    })
    .sort((a, b) => b.count - a.count || a.row.pid - b.row.pid)
    .slice(0, FAMILIES_TOLD)
    .map(({ row, count }) => `${row.comm} ${row.pid} → ${formatCount(count)}`)
  return told.length > 0 ? told.join(' · ') : null
}

const HOLDERS_TOLD = 3

/** Who held most files open, and how much of that nobody else can see. @param rows most files first */
export function largestHolders(rows: OpenFilesRow[]): string | null {
  const told = rows.slice(0, HOLDERS_TOLD).map(({ comm, pid, files, deletedBytes, sharedBytes }) => {
    const hidden = [
      ...(deletedBytes ? [`${formatBytes(deletedBytes)} deleted`] : []),
      ...(sharedBytes ? [`${formatBytes(sharedBytes)} shared memory`] : []),
    ]
    return `${comm} ${pid}: ${formatCount(files)}${hidden.length > 0 ? ` (${hidden.join(', ')})` : ''}`
  })
  return told.length > 0 ? told.join(' · ') : null
}

/** What a control group held, in words; what its file does not tell is left out. */
export function heldByCgroup({ anonBytes, fileBytes, swapBytes, limitBytes }: CgroupMemory): string | null {
  const amounts: [string, Bytes | null][] = [
    ['anonymous', anonBytes],
    ['file', fileBytes],
    ['swap', swapBytes],
    ['limit', limitBytes],
  ]
  const told = amounts.flatMap(([name, bytes]) => (bytes === null ? [] : [`${name} ${formatBytes(bytes)}`]))
  return told.length > 0 ? told.join(' · ') : null
}
