import { difference, type Figure, mergeLines, sum } from '@/lib/findings/figure'
import { readTasks, type TaskReading } from '@/lib/findings/tasks'
import { readZones, type ZoneReading } from '@/lib/findings/zones'
import { killsByReport } from '@/lib/incidents/identity'
import type { IncidentFacts } from '@/lib/incidents/incident'
import type { LineRange } from '@/lib/logs/source'
import type { Kill, MemoryInfo, OomReport } from '@/lib/oom/report'
import { type Bytes, kibToBytes, pagesToKib } from '@/lib/units'

/** How much of the swap was left. `unknown`: the report does not say. */
export type SwapState = 'absent' | 'used-up' | 'nearly-used-up' | 'partly-used' | 'mostly-free' | 'unknown'

/** A report with its figures worked out, each with the lines it rests on. Null: not in the report. */
export interface ReportReading {
  report: OomReport
  kills: Kill[]
  pageSizeBytes: Bytes
  /** Where the page size comes from; `assumed` is 4 kB. */
  pageSizeFrom: 'report' | 'victim' | 'assumed'
  /** All RAM: the pages the kernel counts, else the sum of the zones. */
  ram: Figure | null
  /** RAM less what the kernel reserved at boot; the same as `ram` when that is not printed. */
  usable: Figure | null
  reserved: Figure | null
  free: Figure | null
  /** Anonymous pages on the LRU lists, shared memory included. */
  anon: Figure | null
  file: Figure | null
  /** All pages of processes and files together, where old kernels do not tell them apart. */
  lru: Figure | null
  unevictable: Figure | null
  /** File and shared pages that programs have mapped; on kernels before 2.6.28 all mapped pages. */
  mapped: Figure | null
  shmem: Figure | null
  slab: Figure | null
  /** Only where the kernel splits the slab. */
  slabUnreclaimable: Figure | null
  slabReclaimable: Figure | null
  kernelStack: Figure | null
  pageTables: Figure | null
  hugePages: Figure | null
  /** Usable RAM that no figure of the report explains: drivers, a balloon. */
  unaccounted: Figure | null
  swapTotal: Figure | null
  swapFree: Figure | null
  swap: SwapState
  zones: ZoneReading[]
  tasks: TaskReading | null
}

const NEARLY_USED_UP = 0.03
const MOSTLY_FREE = 0.5
const DEFAULT_PAGE = 4096

export function readReports(facts: IncidentFacts): ReportReading[] {
  const kills = killsByReport(facts.kills, facts.reports)
  return facts.reports.map((report) => readReport(report, kills.get(report) ?? []))
}

export function readReport(report: OomReport, kills: Kill[]): ReportReading {
  const { pageSizeBytes, pageSizeFrom } = pageSizeOf(report, kills)
  const memory = report.memory
  const figures = memory ? new Figures(report, memory, pageSizeBytes) : null
  const zones = readZones(report, pageSizeBytes)
  const ram = figures?.scalar('ramPages') ?? figures?.zoneSum('presentKib') ?? null
  const reserved = figures?.scalar('reservedPages') ?? null
  const usable = reserved ? difference(ram, reserved) : ram
  const anon = figures?.total('active_anon', 'inactive_anon', 'isolated_anon') ?? null
  const file = figures?.total('active_file', 'inactive_file', 'isolated_file') ?? null
  const lru = anon || file ? sum(anon, file) : (figures?.total('active', 'inactive') ?? null)
  const slabUnreclaimable = figures?.total('slab_unreclaimable') ?? null
  const slabReclaimable = figures?.total('slab_reclaimable') ?? null
  const slab =
    slabUnreclaimable || slabReclaimable ? sum(slabReclaimable, slabUnreclaimable) : (figures?.total('slab') ?? null)
  const free = figures?.scalar('freePages') ?? figures?.total('free') ?? figures?.zoneSum('freeKib') ?? null
  const unevictable = figures?.total('unevictable') ?? null
  const kernelStack = figures?.total('kernel_stack') ?? null
  const pageTables = figures?.total('pagetables') ?? null
  const hugePages = figures?.hugePages() ?? null
  const shmem = figures?.total('shmem') ?? null
  const mapped = figures?.total('mapped') ?? null
  const known = sum(free, lru, unevictable, slab, kernelStack, pageTables, hugePages)
  const isWhole = free !== null && lru !== null && slab !== null
  const swapTotal = figures?.swap('swapTotalKib') ?? null
  const swapFree = figures?.swap('swapFreeKib') ?? null
  return {
    report,
    kills,
    pageSizeBytes,
    pageSizeFrom,
    ram,
    usable,
    reserved,
    free,
    anon,
    file,
    lru,
    unevictable,
    mapped,
    shmem,
    slab,
    slabUnreclaimable,
    slabReclaimable,
    kernelStack,
    pageTables,
    hugePages,
    unaccounted: isWhole ? difference(usable, known) : null,
    swapTotal,
    swapFree,
    swap: swapState(swapTotal, swapFree),
    zones,
    tasks: readTasks(report, kills, pageSizeBytes, { anon: difference(anon, shmem) ?? anon, mapped, lru }),
  }
}

/** The reading that tells most: figures, task dump and a kill of its own; the earliest of equals. Null without reports. */
export function mostTelling(readings: ReportReading[]): ReportReading | null {
  let best: ReportReading | null = null
  for (const reading of readings) if (!best || worth(reading) > worth(best)) best = reading
  return best
}

function worth(reading: ReportReading): number {
  const { report, kills } = reading
  const memory = report.memory
  return (
    (memory && memory.zones.length > 0 ? 2 : 0) +
    (memory && (memory.swapFreeKib !== null || memory.ramPages !== null) ? 2 : 0) +
    (report.memcg?.memory ? 3 : 0) +
    (report.tasks ? 2 : 0) +
    (kills.length > 0 ? 1 : 0) -
    (report.trigger === 'allocation-failure' ? 8 : 0)
  )
}

function swapState(total: Figure | null, free: Figure | null): SwapState {
  if (total?.kib === 0) return 'absent'
  if (!free) return 'unknown'
  if (free.kib === 0) return 'used-up'
  if (!total) return 'unknown'
  const left = free.kib / total.kib
  if (left < NEARLY_USED_UP) return 'nearly-used-up'
  return left >= MOSTLY_FREE ? 'mostly-free' : 'partly-used'
}

/** From the report's smallest free block; else from a victim whose kB on the kill line and pages in the dump agree. */
function pageSizeOf(report: OomReport, kills: Kill[]): Pick<ReportReading, 'pageSizeBytes' | 'pageSizeFrom'> {
  if (report.pageSizeBytes !== null) return { pageSizeBytes: report.pageSizeBytes, pageSizeFrom: 'report' }
  for (const kill of kills) {
    const row = report.tasks?.find((task) => task.pid === kill.pid || task.tgid === kill.pid)
    if (!row?.rssPages || kill.anonRssKib === null) continue
    const rssKib = kill.anonRssKib + (kill.fileRssKib ?? 0) + (kill.shmemRssKib ?? 0)
    const size = [4, 16, 64].find((kib) => Math.abs(rssKib / (row.rssPages ?? 1) - kib) < kib * 0.02)
    if (size !== undefined) return { pageSizeBytes: kibToBytes(size), pageSizeFrom: 'victim' }
  }
  return { pageSizeBytes: DEFAULT_PAGE, pageSizeFrom: 'assumed' }
}

/** Looks figures up wherever the era of the kernel prints them: machine-wide pages, node lines, zone lines. */
class Figures {
  private readonly totals: Map<string, number>

  constructor(
    private readonly report: OomReport,
    private readonly memory: MemoryInfo,
    private readonly pageSizeBytes: Bytes,
  ) {
    this.totals = new Map(Object.entries(memory.totalsPages).map(([name, pages]) => [plainName(name), pages]))
  }

  /** The sum of the named counters, from the first place that prints any of them. */
  total(...names: string[]): Figure | null {
    return sum(...names.map((name) => this.fromTotals(name))) ?? this.fromNodes(names) ?? this.fromZones(names)
  }

  scalar(name: 'ramPages' | 'reservedPages' | 'freePages'): Figure | null {
    const pages = this.memory[name]
    return pages === null ? null : this.figure(pagesToKib(pages, this.pageSizeBytes), name)
  }

  swap(name: 'swapTotalKib' | 'swapFreeKib'): Figure | null {
    const kib = this.memory[name]
    return kib === null ? null : this.figure(kib, name)
  }

  zoneSum(name: 'presentKib' | 'freeKib'): Figure | null {
    const zones = this.memory.zones.filter((zone) => zone[name] !== null)
    if (zones.length === 0) return null
    return {
      kib: zones.reduce((total, zone) => total + (zone[name] ?? 0), 0),
      lines: mergeLines(zones.map((zone) => this.line(zone.line))),
    }
  }

  hugePages(): Figure | null {
    const pools = this.memory.hugePages
    if (pools.length === 0) return null
    return {
      kib: pools.reduce((total, pool) => total + pool.total * pool.sizeKib, 0),
      lines: mergeLines(pools.map((pool) => this.line(pool.line))),
    }
  }

  private fromTotals(name: string): Figure | null {
    const pages = this.totals.get(name)
    return pages === undefined ? null : this.figure(pagesToKib(pages, this.pageSizeBytes), name)
  }

  private fromNodes(names: string[]): Figure | null {
    const known = Object.entries(this.memory.nodesKib).filter(([name]) => names.includes(plainName(name)))
    if (known.length === 0) return null
    return this.figure(
      known.reduce((total, [, kib]) => total + kib, 0),
      'nodesKib',
    )
  }

  private fromZones(names: string[]): Figure | null {
    const found = this.memory.zones.flatMap((zone) =>
      Object.entries(zone.fieldsKib)
        .filter(([name]) => names.includes(plainName(name)))
        .map(([, kib]) => ({ kib, line: zone.line })),
    )
    if (found.length === 0) return null
    return {
      kib: found.reduce((total, { kib }) => total + kib, 0),
      lines: mergeLines(found.map(({ line }) => this.line(line))),
    }
  }

  private figure(kib: number, name: string): Figure {
    const line = this.memory.lines[name]
    return { kib, lines: line === undefined ? [this.report.lines] : [this.line(line)] }
  }

  private line(line: number): LineRange {
    return { source: this.report.lines.source, from: line, to: line }
  }
}

/** `Active_anon` of 2.6.28, `isolated(anon)` of node lines: one spelling for all eras. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\((\w+)\)/, '_$1')
}
