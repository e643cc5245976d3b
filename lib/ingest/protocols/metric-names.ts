import type { CounterName } from '@/lib/ingest/protocols/protocol'
import { MEMINFO_FIELDS } from '@/lib/metrics/meminfo-fields'
import type { SampleField } from '@/lib/metrics/sample'

/** What a metric of a foreign sender is to us. */
export type Meaning = { field: SampleField } | { counter: CounterName }

function level(field: SampleField): Meaning {
  return { field }
}

function counter(name: CounterName): Meaning {
  return { counter: name }
}

/** /proc/vmstat, totals since boot. `oom_kill` since 4.13. */
export const VMSTAT: Readonly<Record<string, CounterName>> = {
  pswpin: 'swapInPages',
  pswpout: 'swapOutPages',
  pgmajfault: 'majorFaults',
  allocstall: 'allocStalls',
  oom_kill: 'oomKills',
}

/** node_exporter; before 0.16 its names had no unit. */
const NODE_EXPORTER: [string, Meaning][] = [
  ...Object.entries(MEMINFO_FIELDS).flatMap(([name, field]): [string, Meaning][] => [
    [`node_memory_${name}_bytes`, level(field)],
    [`node_memory_${name}`, level(field)],
  ]),
  ...Object.entries(VMSTAT).map(([name, total]): [string, Meaning] => [`node_vmstat_${name}`, counter(total)]),
  ['node_load1', level('load1')],
  ['node_load5', level('load5')],
  ['node_load15', level('load15')],
  // waiting is `some`, stalled is `full` of /proc/pressure/memory.
  ['node_pressure_memory_waiting_seconds_total', counter('memoryWaitingSeconds')],
  ['node_pressure_memory_stalled_seconds_total', counter('memoryStalledSeconds')],
]

/** Telegraf's measurements and fields, as line protocol and JSON write them (`mem`, `available`). */
export const TELEGRAF: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  mem: {
    total: level('memTotal'),
    free: level('memFree'),
    available: level('memAvailable'),
    used: level('memUsed'),
    buffered: level('buffers'),
    cached: level('cached'),
    shared: level('shmem'),
    sreclaimable: level('sReclaimable'),
    sunreclaim: level('sUnreclaim'),
    page_tables: level('pageTables'),
    committed_as: level('committedAs'),
    commit_limit: level('commitLimit'),
    dirty: level('dirty'),
    write_back: level('writeback'),
    swap_total: level('swapTotal'),
    swap_free: level('swapFree'),
    swap_cached: level('swapCached'),
  },
  swap: {
    total: level('swapTotal'),
    free: level('swapFree'),
    in: counter('swapInBytes'),
    out: counter('swapOutBytes'),
  },
  system: { load1: level('load1'), load5: level('load5'), load15: level('load15') },
  kernel_vmstat: Object.fromEntries(Object.entries(VMSTAT).map(([name, total]) => [name, counter(total)])),
}

/** By the whole name a Prometheus series has. */
export const PROMETHEUS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...NODE_EXPORTER,
  ...Object.entries(TELEGRAF).flatMap(([measurement, fields]) =>
    Object.entries(fields).map(([field, meaning]): [string, Meaning] => [`${measurement}_${field}`, meaning]),
  ),
])
