import type { ContainerLevel, ContainerReading, ContainerTotal } from '@/lib/ingest/protocols/protocol'
import type { EpochMs } from '@/lib/units'

/** What cAdvisor and kube-state-metrics call things; each by the whole name of the series. */
const LEVELS: Readonly<Record<string, ContainerLevel>> = {
  container_memory_usage_bytes: 'usage',
  container_memory_working_set_bytes: 'workingSet',
  container_memory_rss: 'rss',
  container_memory_cache: 'cache',
  container_memory_swap: 'swap',
  container_spec_memory_limit_bytes: 'limit',
}
const TOTALS: Readonly<Record<string, ContainerTotal>> = {
  container_oom_events_total: 'oomKills',
  container_memory_failcnt: 'limitHits',
}
/** With the label `resource`; the second until kube-state-metrics 1.x. */
const LIMITS: ReadonlySet<string> = new Set([
  'kube_pod_container_resource_limits',
  'kube_pod_container_resource_limits_memory_bytes',
])
/** A gauge, 1 for the reason that holds: its increase counts nothing. */
const LAST_REASON = 'kube_pod_container_status_last_terminated_reason'
const POD_INFO = 'kube_pod_info'

type Labels = ReadonlyMap<string, string>

/** Series that tell of containers or of where their pods run. */
export const CONTAINER_METRICS: ReadonlySet<string> = new Set([
  ...Object.keys(LEVELS),
  ...Object.keys(TOTALS),
  ...LIMITS,
  LAST_REASON,
  POD_INFO,
])

/** True for the series of cAdvisor, which are of the machine that was scraped; kube-state-metrics' are not. */
export function isOfScrapedMachine(name: string): boolean {
  return name.startsWith('container_')
}

/** Namespace and pod, `shop/cart-7d9`; null where the labels name none. */
export function podOf(labels: Labels): string | null {
  const namespace = label(labels, ['namespace'])
  const pod = label(labels, ['pod', 'pod_name'])
  return namespace === null || pod === null ? null : `${namespace}/${pod}`
}

/** The node a series of kube-state-metrics names. */
export function nodeOf(labels: Labels): string | null {
  return label(labels, ['node'])
}

type Placeless = ContainerReading extends infer One ? (One extends unknown ? Omit<One, 'host'> : never) : never

/** What a series tells of a container at an instant, without its machine; null when nothing of memory. */
export function readContainer(
  name: string,
  labels: Labels,
  { at, value }: { at: EpochMs; value: number },
): Placeless | null {
  const pod = podOf(labels)
  const part = label(labels, ['container', 'container_name'])
  // The container that only holds a pod's network.
  if (part === 'POD' || value < 0) return null
  const own = pod === null ? label(labels, ['name']) : part === null ? pod : `${pod}/${part}`
  const path = isOfScrapedMachine(name) ? label(labels, ['id']) : null
  if (path === null && own === null) return null
  const about = { at, path: path?.startsWith('/') ? path : null, name: own }
  const level = LEVELS[name]
  if (level !== undefined) return { ...about, level, value }
  const total = TOTALS[name]
  if (total !== undefined) return { ...about, total, value }
  if (part === null) return null
  if (LIMITS.has(name)) {
    const resource = label(labels, ['resource'])
    return resource === null || resource === 'memory' ? { ...about, level: 'limit', value } : null
  }
  const isReason = name === LAST_REASON && labels.get('reason') === 'OOMKilled'
  return isReason ? { ...about, isOomKilled: value > 0 } : null
}

/** A label's value; Prometheus puts `exported_` before a target's own label that its configuration sets as well. */
function label(labels: Labels, names: readonly string[]): string | null {
  for (const name of names) {
    const value = labels.get(`exported_${name}`) ?? labels.get(name)
    if (value !== undefined && value !== '') return value
  }
  return null
}
