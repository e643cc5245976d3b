import {
  asNumber,
  asString,
  decodeText,
  isObject,
  type Json,
  type JsonObject,
  parseJsonSequence,
} from '@/lib/ingest/protocols/json'
import { cleanHost } from '@/lib/ingest/protocols/log-record'
import {
  type CounterName,
  type Decoded,
  noContent,
  nothingDecoded,
  type Protocol,
  type Reading,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { isPlausibleMs, MISPLACED } from '@/lib/ingest/protocols/wire-time'
import type { SampleField } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** `plugin/type-type_instance/dsname`; bytes. What collectd calls used is total − free − buffers − cached − slab. */
const LEVELS: Record<string, SampleField> = {
  'memory/memory-used/value': 'memUsed',
  'memory/memory-free/value': 'memFree',
  'memory/memory-available/value': 'memAvailable',
  'memory/memory-cached/value': 'cached',
  'memory/memory-buffered/value': 'buffers',
  'memory/memory-slab_recl/value': 'sReclaimable',
  'memory/memory-slab_unrecl/value': 'sUnreclaim',
  'swap/swap-free/value': 'swapFree',
  'swap/swap-cached/value': 'swapCached',
  'load/load/shortterm': 'load1',
  'load/load/midterm': 'load5',
  'load/load/longterm': 'load15',
}

/** Parts that add up to the whole; the total is said only when all of them came together. */
const WHOLES: { field: SampleField; parts: string[] }[] = [
  {
    field: 'memTotal',
    parts: ['used', 'free', 'cached', 'buffered', 'slab_recl', 'slab_unrecl'].map(
      (part) => `memory/memory-${part}/value`,
    ),
  },
  { field: 'swapTotal', parts: ['used', 'free', 'cached'].map((part) => `swap/swap-${part}/value`) },
]

interface Part {
  value: number
  at: EpochMs
}

const MAJOR_FAULTS = 'vmem/vmpage_faults/majflt'
/** Pages of the kernel, whatever the version; what the swap plugin tells is bytes in some and pages in others. */
const TOTALS: Record<string, CounterName> = {
  [MAJOR_FAULTS]: 'majorFaults',
  'vmem/vmpage_io-swap/in': 'swapInPages',
  'vmem/vmpage_io-swap/out': 'swapOutPages',
}

function decode(request: WireRequest): Decoded {
  const decoded = nothingDecoded()
  const parts = new Map<string, { host: string; values: Map<string, Part> }>()
  let misplaced = 0
  const lists = parseJsonSequence(decodeText(request.body)).filter(isObject)
  const areTotals = tellsTotals(lists)
  for (const list of lists) {
    decoded.items += 1
    const host = cleanHost(list.host)
    const seconds = asNumber(list.time)
    if (host === null || seconds === null) continue
    const at = Math.round(seconds * 1000)
    if (!isPlausibleMs(at, request.receivedAt)) {
      misplaced += 1
      continue
    }
    for (const { key, value, isCounted } of valuesOf(list)) {
      decoded.readings.push(...readingOf({ key, value, isCounted, areTotals }, host, at))
      const snapshot = `${host}\n${Math.floor(at / 1000)}`
      const whole = parts.get(snapshot) ?? { host, values: new Map<string, Part>() }
      whole.values.set(key, { value, at })
      parts.set(snapshot, whole)
    }
  }
  for (const { host, values } of parts.values()) decoded.readings.push(...wholesOf(values, host))
  if (misplaced > 0) decoded.refused.push({ count: misplaced, why: MISPLACED })
  return decoded
}

/**
 * With StoreRates (the default) counters come as rates, without it as totals, under the same type. Totals are whole
 * numbers; of rates over a measured interval some has a fraction, or all are zero.
 */
function tellsTotals(lists: JsonObject[]): boolean {
  const counted = lists.flatMap((list) => [...valuesOf(list)].filter(({ isCounted }) => isCounted))
  return counted.every(({ value }) => Number.isInteger(value)) && counted.some(({ value }) => value !== 0)
}

/** One value a data source; the first rate of a counter is null and stays so. */
function* valuesOf(list: JsonObject): Generator<{ key: string; value: number; isCounted: boolean }> {
  const names = arrayOf(list.dsnames)
  const types = arrayOf(list.dstypes)
  const type = [asString(list.type), asString(list.type_instance)].filter((part) => part !== null).join('-')
  for (const [index, raw] of arrayOf(list.values).entries()) {
    const value = typeof raw === 'number' ? raw : null
    if (value === null || !Number.isFinite(value)) continue
    const isCounted = types[index] === 'derive' || types[index] === 'counter'
    yield { key: `${asString(list.plugin)}/${type}/${asString(names[index]) ?? 'value'}`, value, isCounted }
  }
}

function arrayOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

function readingOf(
  { key, value, isCounted, areTotals }: { key: string; value: number; isCounted: boolean; areTotals: boolean },
  host: string,
  at: number,
): Reading[] {
  const field = LEVELS[key]
  if (field !== undefined) return [{ host, at, field, value }]
  if (!isCounted) return []
  const counter = TOTALS[key]
  if (areTotals) return counter === undefined ? [] : [{ host, at, counter, value }]
  return key === MAJOR_FAULTS ? [{ host, at, field: 'majorFaultsPerSec', value }] : []
}

/** A whole has the time of its parts. */
function wholesOf(values: ReadonlyMap<string, Part>, host: string): Reading[] {
  return WHOLES.flatMap(({ field, parts }) => {
    const known = parts.map((part) => values.get(part)).filter((part) => part !== undefined)
    if (known.length < parts.length) return []
    const at = Math.max(...known.map((part) => part.at))
    return [{ host, at, field, value: known.reduce((sum, part) => sum + part.value, 0) }]
  })
}

export const collectd: Protocol = {
  name: 'collectd',
  aliases: [],
  title: 'collectd write_http',
  // Plugins of one interval differ by milliseconds.
  snapshotToleranceMs: 1_000,
  senders: [
    {
      name: 'collectd',
      versionSeen: '5.12',
      tested: 'live',
      gives: ['memory'],
      file: '/etc/collectd/collectd.conf.d/oomscope.conf',
      configuration: (url, token) =>
        [
          'LoadPlugin write_http',
          '<Plugin write_http>',
          '  <Node "oomscope">',
          `    URL "${url}/api/ingest/collectd"`,
          `    Header "Authorization: Bearer ${token}"`,
          '    Format "JSON"',
          '  </Node>',
          '</Plugin>',
        ].join('\n'),
      remark:
        'On Debian install libyajl2 and libcurl4 too. collectd does not send again what was not accepted: a gap stays a gap. Swap I/O is bytes or pages depending on version and settings, so it is not shown.',
    },
  ],
  decode,
  accept: () => noContent,
}
