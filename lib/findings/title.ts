import { type Cause, isFailedAllocation } from '@/lib/findings/cause'
import { readCharged } from '@/lib/findings/charged'
import { limitHit } from '@/lib/findings/limit-hit'
import type { ReportReading } from '@/lib/findings/reading'
import { shortCgroup } from '@/lib/incidents/cgroup-path'
import type { Explanation, Hog, IncidentFacts } from '@/lib/incidents/incident'
import type { EventKind, Kill } from '@/lib/oom/report'
import { message } from '@/lib/text/catalogue'
import { KILLER_NAMES } from '@/lib/text/killers'
import type { Message } from '@/lib/text/message'

/** "mysqld and 3 more killed on mail": "swap used up", "largest process not in this log". */
export function titleOf(
  facts: IncidentFacts,
  main: ReportReading | null,
  cause: Cause,
  hog: Hog | null,
  host: string | null,
): Explanation['title'] {
  const lead = facts.kills.length > 0 ? leadOfKills(facts.kills, cause, host) : leadWithoutKills(facts, main, host)
  const rest = [causeInShort(facts, main, cause), hogInShort(facts, main, cause, hog), outcomeInShort(facts, main)]
  return { lead, rest: rest.filter((part) => part !== null) }
}

function leadOfKills(kills: Kill[], cause: Cause, host: string | null): Message {
  const [first] = kills
  const others = kills.length - 1
  const name = first?.comm ?? (first?.cgroup ? shortCgroup(first.cgroup) : null)
  if (!first || name === null) return message('title.something-killed', { cgroup: null, host })
  if (first.by !== 'kernel') {
    const killer = KILLER_NAMES[first.by]
    return others > 0
      ? message('title.stopped-more', { victim: name, others, killer, host })
      : message('title.stopped', { victim: name, killer, host })
  }
  const path = first.limitCgroup ?? first.cgroup
  const cgroup = cause.class === 'cgroup-limit' && path !== null ? shortCgroup(path) : null
  if (others === 0) return message('title.killed', { victim: name, cgroup, host })
  const isSame = kills.every((kill) => kill.comm === first.comm)
  return isSame
    ? message('title.killed-times', { victim: name, times: kills.length, cgroup, host })
    : message('title.killed-more', { victim: name, others, cgroup, host })
}

function leadWithoutKills(facts: IncidentFacts, main: ReportReading | null, host: string | null): Message {
  if (main && !isFailedAllocation(facts, main)) {
    const path = main.report.constraint === 'memcg' ? (main.report.memcg?.limitPath ?? null) : null
    return message('title.report-only', { cgroup: path === null ? null : shortCgroup(path), host })
  }
  const find = (kind: EventKind) => facts.events.find((event) => event.kind === kind)
  const counted = facts.events.filter((event) => event.kind === 'kill-counted')
  if (counted.length > 0) {
    const count = counted.reduce((sum, event) => sum + Number(event.detail.count ?? 0), 0)
    return message('title.counted', { count, host })
  }
  const container = find('container-oom')
  if (container) {
    const name = container.detail.name ?? container.detail.container ?? null
    return name === null
      ? message('title.container-unnamed', { host })
      : message('title.container', { container: name, host })
  }
  if (find('panic')) return message('title.panic', { host })
  if (find('runtime-oom')) return message('title.runtime', { host })
  if (find('eviction')) return message('title.eviction', { host })
  if (main || find('allocation-failure')) return message('title.allocation-failed', { host })
  if (find('service-killed')) return message('title.service', { host })
  const reaped = find('oom-reaper')
  if (reaped?.detail.comm) return message('title.reaped', { victim: reaped.detail.comm, host })
  return message('title.trouble', { host })
}

function causeInShort(facts: IncidentFacts, main: ReportReading | null, cause: Cause): Message | null {
  const { decided } = cause
  switch (decided.by) {
    case 'zone':
      return message('rest.zone', { zone: decided.zone.name, free: decided.elsewhere.kib })
    case 'allowed-nodes':
      return message('rest.allowed-nodes', { free: decided.binding.free?.kib ?? null })
    case 'fragmentation':
      return message('rest.fragmentation', { block: decided.fragmentation.blockKib })
    case 'shared-memory':
      return message('rest.shared-memory', { share: decided.part.share })
    case 'hugepages':
      return message('rest.hugepages', { share: decided.part.share })
    case 'kernel-memory': {
      const { name, share } = decided.part
      if (name === 'unaccounted') return message('rest.unaccounted', { share })
      if (name === 'page-tables') return message('rest.page-tables', { share })
      if (name === 'kernel-stacks') return message('rest.kernel-stacks', { share })
      return message('rest.slab', { share })
    }
    default:
      return ofClass(facts, main, cause)
  }
}

function ofClass(facts: IncidentFacts, main: ReportReading | null, cause: Cause): Message | null {
  switch (cause.class) {
    case 'exhaustion':
      if (main?.swap === 'used-up') return message('rest.swap-used-up', {})
      if (main?.swap === 'nearly-used-up') return message('rest.swap-nearly-used-up', {})
      if (main?.swap === 'absent') return message('rest.no-swap', {})
      return main?.report.memory && cause.confidence !== 'low' ? message('rest.memory-used-up', {}) : null
    case 'cgroup-limit': {
      const hit = main?.report.memcg ? limitHit(main.report.memcg) : null
      const limit = hit?.counter.limitKib ?? null
      if (hit?.what === 'kmem') return message('rest.limit-kmem', { limit })
      if (hit?.what === 'memory-swap') return message('rest.limit-swap', { limit })
      if (limit !== null) return message('rest.limit-size', { limit })
      return facts.kills.length > 0 || main ? message('rest.limit', {}) : null
    }
    case 'manual':
      return message('rest.manual', {})
    case 'pressure-kill': {
      const isPressure = facts.kills.some((kill) => /memory pressure/i.test(kill.reason ?? ''))
      return isPressure ? message('rest.pressure', {}) : message('rest.thresholds', {})
    }
    case 'unknown':
      return message('rest.no-figures', {})
    default:
      return null
  }
}

function hogInShort(facts: IncidentFacts, main: ReportReading | null, cause: Cause, hog: Hog | null): Message | null {
  const dominant = main && cause.class === 'cgroup-limit' ? readCharged(main.report)?.dominant : null
  if (dominant?.what === 'shmem') return message('rest.shared-memory', { share: dominant.share })
  if (dominant?.what === 'kernel') return message('rest.kernel', { share: dominant.share })
  if (dominant?.what === 'file') return message('rest.page-cache', { share: dominant.share })
  const memcg = cause.class === 'cgroup-limit' ? main?.report.memcg : null
  if (memcg && limitHit(memcg)?.what === 'kmem') return null
  // A title tells what the log shows: a note's suspicion has its place below.
  if (!hog || (hog.grade === 'suspected' && hog.evidence.length === 0)) {
    if (main?.tasks?.coverage === 'whole') return isHeldByPrograms(cause) ? message('rest.no-single-hog', {}) : null
    const isAsked = cause.class === 'exhaustion' || (cause.class === 'cgroup-limit' && facts.kills.length > 0)
    return isAsked && facts.kills.length + facts.reports.length > 0 ? message('rest.hog-unknown', {}) : null
  }
  const { comm, share, processes, rssKib } = hog
  const many = processes > 1 ? processes : null
  if (hog.grade === 'suspected') return message('rest.hog-suspected', { comm, processes: many })
  if (rssKib !== null && hog.swapKib !== null && hog.swapKib * 2 >= rssKib) {
    return message('rest.hog-with-swap', { comm, processes: many, rss: rssKib, swap: hog.swapKib })
  }
  if (share !== null) {
    return many ? message('rest.hog-many', { comm, processes: many, share }) : message('rest.hog', { comm, share })
  }
  return rssKib === null ? null : message('rest.hog-size', { comm, processes: many, rss: rssKib })
}

function isHeldByPrograms(cause: Cause): boolean {
  return cause.class === 'exhaustion' || cause.class === 'cgroup-limit'
}

function outcomeInShort(facts: IncidentFacts, main: ReportReading | null): Message | null {
  if (facts.reports.some((report) => report.isPanic)) return message('rest.panic', {})
  const isOpen = facts.kills.length === 0 && main !== null && !isFailedAllocation(facts, main)
  return isOpen ? message('rest.no-kill', {}) : null
}
