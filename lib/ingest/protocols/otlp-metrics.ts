import { asNumber, asString, type JsonObject } from '@/lib/ingest/protocols/json'
import { cleanHost, find } from '@/lib/ingest/protocols/log-record'
import type { Metric, Point, ResourceMetrics } from '@/lib/ingest/protocols/otlp-messages'
import type { ProcessList, Reading } from '@/lib/ingest/protocols/protocol'
import { isPlausibleMs, nsToMs } from '@/lib/ingest/protocols/wire-time'
import type { SampleField } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** `service.name` is not a host. */
const HOST_ATTRIBUTES = ['host.name', 'host.id', 'k8s.node.name', 'container.id']

/** The machine a resource names; null when it names none. */
export function hostOfResource(attributes: JsonObject): string | null {
  return cleanHost(find(attributes, HOST_ATTRIBUTES))
}

const LEVELS: Record<string, SampleField> = {
  'system.linux.memory.available': 'memAvailable',
  'system.memory.limit': 'memTotal',
  'system.cpu.load_average.1m': 'load1',
  'system.cpu.load_average.5m': 'load5',
  'system.cpu.load_average.15m': 'load15',
}

const MEMORY_STATES: Record<string, SampleField> = {
  total: 'memTotal',
  free: 'memFree',
  available: 'memAvailable',
  used: 'memUsed',
  cached: 'cached',
  buffered: 'buffers',
  buffers: 'buffers',
  slab_reclaimable: 'sReclaimable',
  slab_unreclaimable: 'sUnreclaim',
  shared: 'shmem',
}

/**
 * Levels of memory, swap and load. What `system.paging.operations` and `.faults` count differs between senders (bytes
 * and events under one unit), so no rate is made of them.
 */
export function readingsOf(
  resource: ResourceMetrics,
  host: string,
  receivedAt: EpochMs,
): { readings: Reading[]; misplaced: number } {
  const readings: Reading[] = []
  let misplaced = 0
  for (const metric of resource.metrics) {
    for (const [at, points] of byInstant(metric.points)) {
      const levels = levelsOf(metric, points)
      if (levels.length === 0) continue
      if (!isPlausibleMs(at, receivedAt)) misplaced += points.length
      else for (const [field, value] of levels) readings.push({ host, at, field, value })
    }
  }
  return { readings, misplaced }
}

function byInstant(points: Point[]): Map<EpochMs, Point[]> {
  const instants = new Map<EpochMs, Point[]>()
  for (const point of points) {
    if (!Number.isFinite(point.value)) continue
    const at = nsToMs(point.timeNs)
    const same = instants.get(at)
    if (same) same.push(point)
    else instants.set(at, [point])
  }
  return instants
}

function levelsOf(metric: Metric, points: Point[]): [SampleField, number][] {
  const field = LEVELS[metric.name]
  if (field !== undefined) return points.map((point) => [field, point.value])
  if (metric.name === 'system.memory.usage') return memoryLevels(points)
  return metric.name === 'system.paging.usage' ? swapLevels(points) : []
}

function stateOf(point: Point): string | null {
  return asString(find(point.attributes, ['state', 'system.memory.state', 'system.paging.state']))
}

/**
 * Senders that know two states only mean "not available" and "available" by used and free (OTel JS, Java): together
 * they are the whole memory. The Collector's free is the kernel's MemFree.
 */
function memoryLevels(points: Point[]): [SampleField, number][] {
  const byState = new Map(points.map((point) => [stateOf(point), point.value]))
  const used = byState.get('used')
  const free = byState.get('free')
  if (byState.size === 2 && used !== undefined && free !== undefined) {
    return [
      ['memTotal', used + free],
      ['memAvailable', free],
    ]
  }
  return [...byState].flatMap(([state, value]): [SampleField, number][] => {
    const field = MEMORY_STATES[state ?? '']
    return field === undefined ? [] : [[field, value]]
  })
}

/** Summed over swap devices; the total only when both halves are told. */
function swapLevels(points: Point[]): [SampleField, number][] {
  const sums = new Map<string, number>()
  for (const point of points) {
    const state = stateOf(point)
    if (state !== null) sums.set(state, (sums.get(state) ?? 0) + point.value)
  }
  const free = sums.get('free')
  const used = sums.get('used')
  const cached = sums.get('cached')
  const levels: [SampleField, number][] = []
  if (free !== undefined) levels.push(['swapFree', free])
  if (free !== undefined && used !== undefined) levels.push(['swapTotal', free + used + (cached ?? 0)])
  if (cached !== undefined) levels.push(['swapCached', cached])
  return levels
}

/** The process a resource describes, when it says which: one resource is one process. */
export function processOf(resource: ResourceMetrics, host: string): ProcessList | null {
  const pid = asNumber(resource.attributes['process.pid'])
  const usage = resource.metrics.find((metric) => metric.name === 'process.memory.usage')?.points.at(-1)
  if (pid === null || usage === undefined || !Number.isFinite(usage.value)) return null
  const names = ['process.executable.name', 'process.command']
  return {
    host,
    at: nsToMs(usage.timeNs),
    rows: [
      {
        pid,
        comm: asString(find(resource.attributes, names)) ?? '',
        user: asString(resource.attributes['process.owner']),
        ppid: asNumber(resource.attributes['process.parent_pid']),
        rssKib: usage.value / 1024,
        swapKib: null,
        vszKib: null,
        args: asString(resource.attributes['process.command_line']),
      },
    ],
  }
}
