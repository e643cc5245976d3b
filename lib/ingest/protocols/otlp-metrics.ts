import { asNumber, asString, type JsonObject } from '@/lib/ingest/protocols/json'
import { cleanHost, find } from '@/lib/ingest/protocols/log-record'
import type { Metric, Point, ResourceMetrics } from '@/lib/ingest/protocols/otlp-messages'
import type { CounterName, ProcessList, Reading } from '@/lib/ingest/protocols/protocol'
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

/** Levels of memory, swap and load; totals of swapping and faults where it is known what they count. */
export function readingsOf(
  resource: ResourceMetrics,
  host: string,
  receivedAt: EpochMs,
): { readings: Reading[]; misplaced: number } {
  const readings: Reading[] = []
  let misplaced = 0
  for (const metric of resource.metrics) {
    for (const [at, points] of byInstant(metric.points)) {
      const found = [
        ...levelsOf(metric, points).map(([field, value]): Reading => ({ host, at, field, value })),
        ...totalsOf(metric, points).map(([counter, value]): Reading => ({ host, at, counter, value })),
      ]
      if (found.length === 0) continue
      if (isPlausibleMs(at, receivedAt)) readings.push(...found)
      else misplaced += points.length
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

/** The Collector's own receiver, by its old and its present name. */
const COLLECTOR = /(?:^|\/)hostmetricsreceiver(?:\/|$)/
/** gopsutil mem/mem_linux.go multiplies each of the kernel's totals by this, faults and pages of any size alike. */
const COUNTED_AS = 4096

/**
 * What `system.paging.operations` and `.faults` count differs between senders under one name and unit. Of the Collector
 * it is known; of every other no rate is made.
 */
function totalsOf(metric: Metric, points: Point[]): [CounterName, number][] {
  if (!COLLECTOR.test(metric.scope) || metric.kind !== 'sum' || metric.isDelta) return []
  const isFaults = metric.name === 'system.paging.faults'
  if (!isFaults && metric.name !== 'system.paging.operations') return []
  return points.flatMap(({ value, attributes }): [CounterName, number][] => {
    const type = find(attributes, ['type', 'system.paging.type', 'system.paging.fault.type'])
    if (type !== 'major') return []
    const isMultiple = value % COUNTED_AS === 0
    if (isFaults) return [['majorFaults', isMultiple ? value / COUNTED_AS : value]]
    const direction = asString(find(attributes, ['direction', 'system.paging.direction']))
    if (!isMultiple || direction === null) return []
    return [[/in$/.test(direction) ? 'swapInPages' : 'swapOutPages', value / COUNTED_AS]]
  })
}

/** The process a resource describes, when it says which: one resource is one process. */
export function processOf(resource: ResourceMetrics, host: string, receivedAt: EpochMs): ProcessList | null {
  const pid = asNumber(resource.attributes['process.pid'])
  const usage = lastOf(resource, ['process.memory.usage', 'process.memory.physical_usage'])
  if (pid === null || !Number.isSafeInteger(pid) || usage === undefined || !Number.isFinite(usage.value)) return null
  const at = nsToMs(usage.timeNs)
  if (!isPlausibleMs(at, receivedAt)) return null
  const names = ['process.executable.name', 'process.command']
  return {
    host,
    at,
    rows: [
      {
        pid,
        comm: asString(find(resource.attributes, names)) ?? '',
        user: asString(resource.attributes['process.owner']),
        ppid: asNumber(resource.attributes['process.parent_pid']),
        rssKib: usage.value / 1024,
        swapKib: null,
        vszKib: kib(lastOf(resource, ['process.memory.virtual', 'process.memory.virtual_usage'])),
        args: asString(resource.attributes['process.command_line']),
      },
    ],
  }
}

/** Before version 0.80 of the Collector the metrics of memory had other names. */
function lastOf(resource: ResourceMetrics, names: string[]): Point | undefined {
  return resource.metrics.find((metric) => names.includes(metric.name))?.points.at(-1)
}

function kib(point: Point | undefined): number | null {
  return point === undefined || !Number.isFinite(point.value) ? null : point.value / 1024
}
