import {
  asNumber,
  asString,
  decodeText,
  isObject,
  type JsonObject,
  parseJsonSequence,
} from '@/lib/ingest/protocols/json'
import { cleanHost } from '@/lib/ingest/protocols/log-record'
import {
  type Decoded,
  noContent,
  nothingDecoded,
  type Protocol,
  type Reading,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { isPlausibleMs, MISPLACED } from '@/lib/ingest/protocols/wire-time'
import type { SampleField } from '@/lib/metrics/sample'

/** By chart and dimension id. Values are averages over the interval in which they were collected. */
const FIELDS: Record<string, SampleField> = {
  'system.ram/free': 'memFree',
  'system.ram/used': 'memUsed',
  'system.ram/buffers': 'buffers',
  'mem.available/MemAvailable': 'memAvailable',
  'system.swap/free': 'swapFree',
  'mem.swap/free': 'swapFree',
  'mem.committed/Committed_AS': 'committedAs',
  'mem.writeback/Dirty': 'dirty',
  'mem.writeback/Writeback': 'writeback',
  'mem.slab/reclaimable': 'sReclaimable',
  'mem.slab/unreclaimable': 'sUnreclaim',
  'mem.kernel/KernelStack': 'kernelStack',
  'mem.kernel/PageTables': 'pageTables',
  'system.swapio/in': 'swapInPerSec',
  'system.swapio/out': 'swapOutPerSec',
  'mem.swapio/in': 'swapInPerSec',
  'mem.swapio/out': 'swapOutPerSec',
  'mem.pgfaults/major': 'majorFaultsPerSec',
  'system.load/load1': 'load1',
  'system.load/load5': 'load5',
  'system.load/load15': 'load15',
  'system.memory_some_pressure/some 10': 'psiMemSomeAvg10',
  'system.memory_full_pressure/full 10': 'psiMemFullAvg10',
}

/** Dimensions that add up to the whole. "cached" is Cached + SReclaimable − Shmem there, so it is nobody's `cached`. */
const WHOLES: { field: SampleField; parts: string[] }[] = [
  { field: 'memTotal', parts: ['system.ram/free', 'system.ram/used', 'system.ram/cached', 'system.ram/buffers'] },
  { field: 'swapTotal', parts: ['system.swap/free', 'system.swap/used'] },
  { field: 'swapTotal', parts: ['mem.swap/free', 'mem.swap/used'] },
]

const UNITS: Record<string, number> = {
  B: 1,
  bytes: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  KB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  B_s: 1,
}

function decode(request: WireRequest): Decoded {
  const decoded = nothingDecoded()
  const snapshots = new Map<string, { host: string; at: number; values: Map<string, number> }>()
  let misplaced = 0
  const text = decodeText(request.body)
  if (isAsCollected(text)) {
    return {
      ...decoded,
      remarks: ['Values as collected have units that only Netdata knows: set data source = average.'],
    }
  }
  for (const metric of parseJsonSequence(text)) {
    if (!isObject(metric)) continue
    decoded.items += 1
    const host = cleanHost(metric.hostname)
    const seconds = asNumber(metric.timestamp)
    const value = asNumber(metric.value)
    if (host === null || seconds === null || value === null) continue
    const at = seconds * 1000
    if (!isPlausibleMs(at, request.receivedAt)) {
      misplaced += 1
      continue
    }
    const key = `${asString(metric.chart_id)}/${asString(metric.id)}`
    // Charts draw what goes out, and major faults, below the axis.
    const amount = Math.abs(value) * unitOf(metric)
    const field = FIELDS[key]
    if (field !== undefined) decoded.readings.push({ host, at, field, value: amount })
    const snapshot = snapshots.get(`${host}\n${at}`) ?? { host, at, values: new Map<string, number>() }
    snapshot.values.set(key, amount)
    snapshots.set(`${host}\n${at}`, snapshot)
  }
  for (const { host, at, values } of snapshots.values()) decoded.readings.push(...wholesOf(values, host, at))
  if (misplaced > 0) decoded.refused.push({ count: misplaced, why: MISPLACED })
  return decoded
}

/** Averages are printed with seven decimals, collected values as whole numbers, before Netdata's own scaling. */
function isAsCollected(text: string): boolean {
  return /"value": ?-?\d/.test(text) && !/"value": ?-?\d+\.\d/.test(text)
}

/** Bytes in the unit that the metric says; 1 for percentages, loads and counts. */
function unitOf(metric: JsonObject): number {
  const unit = (asString(metric.units) ?? '').replace(/\/s$/, '')
  return UNITS[unit] ?? 1
}

function wholesOf(values: ReadonlyMap<string, number>, host: string, at: number): Reading[] {
  return WHOLES.flatMap(({ field, parts }) => {
    const known = parts.map((part) => values.get(part)).filter((value) => value !== undefined)
    return known.length < parts.length ? [] : [{ host, at, field, value: known.reduce((sum, value) => sum + value, 0) }]
  })
}

export const netdata: Protocol = {
  name: 'netdata',
  aliases: [],
  title: 'Netdata exporting (JSON)',
  // Each chart has the time at which it was collected; a value is not moved to another.
  snapshotToleranceMs: 0,
  senders: [
    {
      name: 'Netdata',
      versionSeen: '1.37',
      tested: 'live',
      gives: ['memory'],
      file: '/etc/netdata/exporting.conf',
      configuration: (url, token, netdataPort) => {
        const { hostname } = new URL(url)
        return [
          '[exporting:global]',
          '  enabled = yes',
          '[json:http:oomscope]',
          '  enabled = yes',
          `  destination = ${hostname}:${netdataPort}`,
          '  send charts matching = system.ram system.swap* system.load system.memory_* mem.*',
          '  username = agent',
          `  password = ${token}`,
        ].join('\n')
      },
      remark:
        'Netdata ends its password header with a bare line feed that HTTP servers refuse: start oomscope with OOMSCOPE_NETDATA_PORT=3001, a port for such requests alone. It is plain HTTP; across networks let Prometheus scrape Netdata and use remote write.',
    },
  ],
  decode,
  accept: () => noContent,
}
