import { difference, type Figure, sum } from '@/lib/findings/figure'
import type { ReportReading } from '@/lib/findings/reading'
import { carriersOf, freeOf } from '@/lib/findings/shortage'
import type { ZoneReading } from '@/lib/findings/zones'
import type { LineRange } from '@/lib/logs/source'
import type { Kib } from '@/lib/units'

/** A request that might use some NUMA nodes only, while memory was free on others. */
export interface Binding {
  /** `printed`: the kernel names the constraint; `shown`: one node was out and others were not. */
  from: 'printed' | 'shown'
  /** The nodes that were out, e.g. "0-1"; null when the report does not tell. */
  nodes: string | null
  /** Free on the machine (`printed`), or outside of the nodes that were out (`shown`). */
  free: Figure | null
  /** RAM of the nodes that were out, and what is in use elsewhere; null when their zones are not in the report. */
  ram: { ofNodesKib: Kib; usedElsewhereKib: Kib } | null
  lines: LineRange[]
}

/** Free memory out of reach counts from this share of RAM. */
const ELSEWHERE = 0.05
/** Zones that hold less of the RAM than this are not all of them: others are left out because their node was barred. */
const ALL_ZONES = 0.9
const LARGE_ZONES = new Set(['Normal', 'HighMem', 'Movable'])

/** @returns null when all nodes were allowed, or memory was short on the others too */
export function readBinding(reading: ReportReading): Binding | null {
  const { report, free, usable } = reading
  if (report.constraint === 'cpuset' || report.constraint === 'memory-policy') {
    if (free && usable && free.kib < usable.kib * ELSEWHERE) return null
    const told = report.nodes ?? null
    const nodes = told && (report.constraint === 'cpuset' ? told.mems : (told.nodemask ?? told.mems))
    return { from: 'printed', nodes, free, ram: ramOf(reading, reading.zones), lines: [] }
  }
  // A block of several pages may be lacking on one node for another reason.
  if (report.constraint === 'memcg' || (report.order ?? 0) !== 0) return null
  return fromBarredNodes(reading) ?? fromOpenNodes(reading)
}

/** Since 2.6.39 the zones of barred nodes are not printed, but their free pages are counted. Linux mm/show_mem.c. */
function fromBarredNodes(reading: ReportReading): Binding | null {
  const { zones, free, ram, usable, report } = reading
  const carriers = carriersOf(zones.filter(({ isEligible }) => isEligible !== false))
  const isOut = carriers.length > 0 && carriers.every(({ isClosed }) => isClosed === true)
  const printed = zones.reduce((total, { zone }) => total + (zone.presentKib ?? 0), 0)
  if (!isOut || !free || !ram || !usable || !carriers.some(({ zone }) => LARGE_ZONES.has(zone.name))) return null
  if (!report.nodes || printed === 0 || printed >= ram.kib * ALL_ZONES) return null
  const elsewhere = difference(free, freeOf(zones))
  if (!elsewhere || elsewhere.kib < usable.kib * ELSEWHERE) return null
  return shown(reading, zones, elsewhere)
}

/** Zones of all nodes are printed: those of some are closed, those of others are open. */
function fromOpenNodes(reading: ReportReading): Binding | null {
  const { zones, usable } = reading
  const eligible = carriersOf(zones.filter(({ isEligible }) => isEligible !== false))
  const nodes = [...new Set(eligible.map(({ zone }) => zone.node))]
  const isOut = (node: number | null) => eligible.every(({ zone, isClosed }) => zone.node !== node || isClosed === true)
  const out = nodes.filter(isOut)
  if (!usable || out.length === 0 || out.length === nodes.length) return null
  const elsewhere = freeOf(eligible.filter(({ zone }) => !out.includes(zone.node)))
  if (elsewhere.kib < usable.kib * ELSEWHERE) return null
  return shown(
    reading,
    zones.filter(({ zone }) => out.includes(zone.node)),
    elsewhere,
  )
}

function shown(reading: ReportReading, out: ZoneReading[], free: Figure): Binding {
  const { report } = reading
  const nodes = [...new Set(out.map(({ zone }) => zone.node))].filter((node) => node !== null)
  const told = report.nodes ? [{ source: report.lines.source, from: report.nodes.line, to: report.nodes.line }] : []
  return {
    from: 'shown',
    nodes: nodes.length === 0 ? null : nodes.join(','),
    free,
    ram: ramOf(reading, out),
    lines: [...told, ...(sum(free, freeOf(out))?.lines ?? [])],
  }
}

function ramOf({ usable, free }: ReportReading, out: ZoneReading[]): Binding['ram'] {
  const sizes = out.map(({ zone }) => zone.managedKib ?? zone.presentKib)
  if (!usable || !free || out.length === 0 || sizes.some((size) => size === null)) return null
  const ofNodesKib = sizes.reduce<number>((total, size) => total + (size ?? 0), 0)
  const freeElsewhere = free.kib - freeOf(out).kib
  return { ofNodesKib, usedElsewhereKib: Math.max(0, usable.kib - ofNodesKib - freeElsewhere) }
}
