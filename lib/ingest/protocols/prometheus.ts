import { AppError } from '@/lib/errors'
import {
  CONTAINER_METRICS,
  isOfScrapedMachine,
  nodeOf,
  podOf,
  readContainer,
} from '@/lib/ingest/protocols/container-metrics'
import { cleanHost } from '@/lib/ingest/protocols/log-record'
import { PROMETHEUS } from '@/lib/ingest/protocols/metric-names'
import { readWriteRequest, type TimeSeries, type WriteRequest } from '@/lib/ingest/protocols/prometheus-messages'
import {
  type Answer,
  type Decoded,
  type HostIdentity,
  nothingDecoded,
  type Protocol,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { isPlausibleMs, MISPLACED } from '@/lib/ingest/protocols/wire-time'
import type { EpochMs } from '@/lib/units'

const UNAME = 'node_uname_info'
const WANTED: ReadonlySet<string> = new Set([...PROMETHEUS.keys(), ...CONTAINER_METRICS, UNAME])
/** Labels that people add so that a series says which machine it is of; `instance` is an address. */
const HOST_LABELS = ['nodename', 'hostname', 'host', 'host_name', 'node', 'kubernetes_node']
/** Architectures with one page size. arm64, ppc64 and others have several. */
const PAGE_4K = /^(?:x86_64|amd64|i[3-6]86|s390x|armv[5-8]l)$/

function decode(request: WireRequest): Decoded {
  if (!/^(?:|write|(?:api\/v1|api\/prom)\/(?:write|push|receive))$/.test(request.path)) {
    throw new AppError('not-found', 'Remote write is sent to api/v1/write.')
  }
  const proto = /proto=([\w.]+)/.exec(request.headers.get('content-type') ?? '')?.[1]
  if (proto !== undefined && proto !== 'prometheus.WriteRequest' && proto !== 'io.prometheus.write.v2.Request') {
    throw new AppError('unsupported-type', `The message ${proto} is not known here.`)
  }
  const write = readWriteRequest(request.body, (name) => WANTED.has(name))
  const decoded = nothingDecoded()
  decoded.items = write.series.length + write.unwanted
  decoded.identities = identitiesIn(write)
  const nameOf = new Map(decoded.identities.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name])))
  let misplaced = readContainers(write, nameOf, request.receivedAt, decoded)
  for (const series of write.series) {
    const meaning = PROMETHEUS.get(series.name)
    const host = meaning && hostOf(series, nameOf)
    if (!meaning || !host) continue
    for (const { at, value } of series.samples) {
      // Staleness is a NaN of its own: the line ends there, nothing is drawn.
      if (!Number.isFinite(value)) continue
      if (!isPlausibleMs(at, request.receivedAt)) misplaced += 1
      else decoded.readings.push({ host, at, value, ...meaning })
    }
  }
  if (misplaced > 0) {
    decoded.refused.push({ count: misplaced, why: MISPLACED })
  }
  return decoded
}

/** Adds what cAdvisor and kube-state-metrics tell. @returns how many samples have an impossible time */
function readContainers(
  write: WriteRequest,
  nameOf: ReadonlyMap<string, string>,
  receivedAt: EpochMs,
  decoded: Decoded,
): number {
  let misplaced = 0
  for (const series of write.series) {
    if (series.samples.length === 0 || !CONTAINER_METRICS.has(series.name)) continue
    const isOwn = isOfScrapedMachine(series.name)
    const node = isOwn ? null : cleanHost(nodeOf(series.labels) ?? undefined)
    const pod = node === null ? null : podOf(series.labels)
    if (node !== null && pod !== null) decoded.nodes.set(pod, node)
    const host = isOwn ? hostOf(series, nameOf) : node
    if (isOwn && host === null) continue
    for (const sample of series.samples) {
      if (!Number.isFinite(sample.value)) continue
      const reading = readContainer(series.name, series.labels, sample)
      if (reading === null) continue
      if (isPlausibleMs(sample.at, receivedAt)) decoded.containers.push({ ...reading, host })
      else misplaced += 1
    }
  }
  return misplaced
}

/** `node_uname_info` ties the address that was scraped to the machine's own name. */
function identitiesIn(write: WriteRequest): HostIdentity[] {
  const identities = new Map<string, HostIdentity>()
  for (const { name, labels } of write.series) {
    const nodename = name === UNAME ? cleanHost(labels.get('nodename')) : null
    const instance = labels.get('instance')
    if (nodename === null || instance === undefined) continue
    const machine = labels.get('machine')
    const pageSizeBytes = machine === undefined ? null : PAGE_4K.test(machine) ? 4096 : 'several'
    identities.set(instance, { name: nodename, aliases: [instance], machineId: null, pageSizeBytes })
  }
  return [...identities.values()]
}

/** The name the machine has itself where this request tells it; the address otherwise, to be resolved by what is stored. */
function hostOf({ labels }: TimeSeries, nameOf: ReadonlyMap<string, string>): string | null {
  const instance = labels.get('instance')
  const known = instance === undefined ? undefined : nameOf.get(instance)
  if (known !== undefined) return known
  for (const label of HOST_LABELS) {
    const host = cleanHost(labels.get(label))
    if (host !== null) return host
  }
  return instance === undefined || instance === '' ? null : instance
}

function accept(request: WireRequest, decoded: Decoded): Answer {
  const refused = decoded.refused.reduce((sum, part) => sum + part.count, 0)
  const isVersion2 =
    (request.headers.get('content-type') ?? '').includes('write.v2') ||
    (request.headers.get('x-prometheus-remote-write-version') ?? '').startsWith('2')
  const written = isVersion2
    ? {
        'X-Prometheus-Remote-Write-Samples-Written': String(samplesIn(request) - refused),
        'X-Prometheus-Remote-Write-Histograms-Written': '0',
        'X-Prometheus-Remote-Write-Exemplars-Written': '0',
      }
    : undefined
  if (refused > 0) {
    const why = decoded.refused.map((part) => `${part.count} samples: ${part.why}`).join('\n')
    return { status: 400, contentType: 'text/plain', body: `${why}\n`, headers: written }
  }
  return { status: isVersion2 ? 200 : 204, contentType: null, body: null, headers: written }
}

/** All samples count as written: those that say nothing about memory are taken and not kept. */
function samplesIn(request: WireRequest): number {
  return readWriteRequest(request.body, () => true).series.reduce((sum, series) => sum + series.samples.length, 0)
}

const NODE_SERIES = 'node_(memory|vmstat|pressure_memory|load|uname).*'
const CONTAINER_SERIES =
  'container_(memory|oom|spec_memory).*|kube_pod_(info|container_resource_limits|container_status_last_terminated_reason)'

/** Lines for `prometheus.yml` that send the series whose names match, and no others. */
function remoteWrite(url: string, token: string, names: string): string {
  return [
    'remote_write:',
    `  - url: ${url}/api/ingest/prometheus/api/v1/write`,
    `    authorization: { credentials: ${token} }`,
    '    write_relabel_configs:',
    `      - { source_labels: [__name__], action: keep, regex: "${names}" }`,
  ].join('\n')
}

export const prometheus: Protocol = {
  name: 'prometheus',
  aliases: ['remote-write', 'prom'],
  title: 'Prometheus remote write',
  expectsSnappy: true,
  snapshotToleranceMs: 0,
  senders: [
    {
      name: 'Prometheus',
      versionSeen: '2.42',
      tested: 'live',
      gives: ['memory'],
      file: 'prometheus.yml',
      configuration: (url, token) => remoteWrite(url, token, NODE_SERIES),
      remark: 'node_exporter gives the best memory curves there are: node_memory_*, node_vmstat_oom_kill, pressure.',
    },
    {
      name: 'cAdvisor and kube-state-metrics',
      versionSeen: null,
      tested: 'specification',
      gives: ['memory'],
      file: 'prometheus.yml',
      configuration: (url, token) => remoteWrite(url, token, `${CONTAINER_SERIES}|${NODE_SERIES}`),
      remark:
        'Containers by cgroup, pod and name; kills that container_oom_events_total or OOMKilled tell make incidents of their node.',
    },
    {
      name: 'vmagent',
      versionSeen: null,
      tested: 'specification',
      gives: ['memory'],
      file: 'shell',
      configuration: (url, token) =>
        `vmagent -remoteWrite.url=${url}/api/ingest/prometheus/api/v1/write \\
  -remoteWrite.forcePromProto -remoteWrite.bearerToken=${token}`,
      remark: null,
    },
  ],
  decode,
  accept,
}
