import { stripIds } from '@/lib/incidents/cgroup-path'
import { eventKey, killKey, reportFinder, reportKey } from '@/lib/incidents/identity'
import type { IncidentFacts } from '@/lib/incidents/incident'
import { placeInTime } from '@/lib/incidents/placing'
import { isRecoveredBetween } from '@/lib/incidents/recovery'
import { leadIn } from '@/lib/incidents/signs/lead-in'
import type { Series } from '@/lib/metrics/sample'
import type { Constraint, EventKind, Kill, LogEvent, OomReport } from '@/lib/oom/report'
import type { EpochMs } from '@/lib/units'

export interface GroupingOptions {
  /** Longest time between two kills of one incident. */
  gapMs?: number
  /** Samples of the host, ascending by `at`; they can show a recovery that separates kills. */
  samples?: Series
}

const MINUTE = 60_000
const DEFAULT_GAP = 180 * MINUTE
/** Signs this close to what follows lead into it; consequences this close behind belong to it. */
const LEAD = 30 * MINUTE
const TAIL = 15 * MINUTE
/** Lines of one boot may be printed slightly out of order; a larger step back of the uptime is another boot. */
const UPTIME_DISORDER_SECONDS = 60

/** Kinds that tell of trouble even when no kill or report is in the text. */
const TROUBLE: ReadonlySet<EventKind> = new Set<EventKind>([
  'allocation-failure',
  'oom-reaper',
  'oom-no-victim',
  'service-killed',
  'container-oom',
  'eviction',
  'runtime-oom',
  'kill-counted',
])
const OOM_PANIC = /out of memory|deadlocked on memory|panic_on_oom|no killable process/i

/** One kill, report or event with the place in time it was given. */
interface Member {
  fact: { kill: Kill } | { report: OomReport } | { event: LogEvent }
  key: string
  source: string
  line: number
  /** Time to order by: as understood, or carried over from neighbours of the same source. */
  at: EpochMs | null
  /** Where the member ends; a report may take minutes. */
  until: EpochMs | null
  uptimeSeconds: number | null
  /** Members of different tracks have no common clock. */
  track: string
  /** The cgroup whose limit was hit, ids stripped; '' for the machine; null when the text does not say. */
  scope: string | null
}

interface Cluster {
  scope: string
  track: string
  members: Member[]
}

/**
 * Puts together what belongs together on one host (DESIGN §5). Facts of several hosts are kept apart by the host as
 * printed. The result does not depend on the order of the input; the same kill told by two sources counts once.
 * Reports and signs of trouble that no kill explains become incidents without kills.
 *
 * @returns ascending by time; what cannot be placed in time comes last
 */
export function groupIncidents(
  kills: readonly Kill[],
  reports: readonly OomReport[],
  events: readonly LogEvent[],
  options: GroupingOptions = {},
): IncidentFacts[] {
  const hosts = new Set([...kills, ...reports, ...events].map((fact) => fact.host))
  const incidents = [...hosts].flatMap((host) => {
    const isHere = (fact: { host: string | null }) => fact.host === host
    return groupHost(kills.filter(isHere), reports.filter(isHere), events.filter(isHere), options)
  })
  return incidents.sort(byStart)
}

function groupHost(
  allKills: Kill[],
  allReports: OomReport[],
  allEvents: LogEvent[],
  options: GroupingOptions,
): IncidentFacts[] {
  const kills = withoutRepeats(allKills, killKey, (kill) => (kill.report === null ? 1 : 0))
  const reportOf = reportFinder(allReports)
  const owned = new Set(kills.map(reportOf))
  const reports = withoutRepeats(allReports, reportKey, (report) => (owned.has(report) ? 0 : 1))
  const events = withoutRepeats(allEvents, eventKey, () => 0)
  const members = placeAll(kills, reports, events, reportOf)
  const boots = members.filter((member) => 'event' in member.fact && member.fact.event.kind === 'boot')
  const rules: Rules = { gapMs: options.gapMs ?? DEFAULT_GAP, samples: options.samples ?? [], boots }

  const clusters = split(
    members.filter((member) => 'kill' in member.fact),
    rules,
  )
  const reportMembers = members.filter((member) => 'report' in member.fact)
  const orphans: Member[] = []
  const owners = clusters.flatMap((cluster) =>
    cluster.members.flatMap(({ fact }) => ('kill' in fact ? [[reportOf(fact.kill), cluster] as const] : [])),
  )
  const clusterOf = new Map(owners.reverse())
  for (const member of reportMembers) {
    const report = 'report' in member.fact ? member.fact.report : null
    const home = clusterOf.get(report) ?? nearest(member, clusters, rules)
    if (home) home.members.push(member)
    else orphans.push(member)
  }
  clusters.push(...split(orphans, rules))

  const eventMembers = members.filter((member) => 'event' in member.fact)
  const strays = attachEvents(eventMembers, clusters, rules)
  const troubles = split(
    strays.filter((member) => isTrouble(member)),
    rules,
  )
  attachEvents(
    strays.filter((member) => !isTrouble(member)),
    troubles,
    rules,
  )
  return [...clusters, ...troubles].map((cluster) => withLeadIn(toFacts(cluster), rules.samples))
}

interface Rules {
  gapMs: number
  samples: Series
  boots: Member[]
}

type ReportOf = (kill: Kill) => OomReport | null

function placeAll(kills: Kill[], reports: OomReport[], events: LogEvent[], reportOf: ReportOf): Member[] {
  const members: Member[] = [
    ...kills.map((kill) => member({ kill }, killKey(kill), kill, kill.stamp.at, scopeOfKill(kill, reportOf))),
    ...reports.map((report) => {
      const scope = scopeOf(report.constraint, report.memcg?.limitPath ?? null)
      return member({ report }, reportKey(report), report, report.endStamp.at, scope)
    }),
    ...events.map((event) => member({ event }, eventKey(event), event, event.stamp.at, null)),
  ]
  placeInTime(members)
  return members.sort(byPlace)
}

function member(
  fact: Member['fact'],
  key: string,
  printed: { lines: Kill['lines']; stamp: Kill['stamp'] },
  until: EpochMs | null,
  scope: string | null,
): Member {
  const { stamp, lines } = printed
  const { source, from } = lines
  return { fact, key, source, line: from, at: stamp.at, until, uptimeSeconds: stamp.uptimeSeconds, track: '', scope }
}

function scopeOfKill(kill: Kill, reportOf: ReportOf): string {
  const report = reportOf(kill)
  const path = kill.limitCgroup ?? report?.memcg?.limitPath ?? (kill.constraint === 'memcg' ? kill.cgroup : null)
  return scopeOf(kill.constraint, path) ?? ''
}

function scopeOf(constraint: Constraint, path: string | null): string | null {
  if (constraint === 'memcg') return `memcg ${path === null ? '' : stripIds(path)}`
  return constraint === 'unknown' ? null : ''
}

/** Runs of members of one scope and track, cut where the rules say that another incident begins. */
function split(members: Member[], rules: Rules): Cluster[] {
  const open = new Map<string, Cluster>()
  const clusters: Cluster[] = []
  for (const next of members) {
    const scope = next.scope ?? ''
    const lane = `${next.track}\n${scope}`
    const cluster = open.get(lane)
    const last = cluster?.members.at(-1)
    if (cluster && last && belongTogether(last, next, rules)) {
      cluster.members.push(next)
      continue
    }
    const started: Cluster = { scope, track: next.track, members: [next] }
    open.set(lane, started)
    clusters.push(started)
  }
  return clusters
}

function belongTogether(earlier: Member, later: Member, rules: Rules): boolean {
  if (isRebootBetween(earlier, later, rules.boots)) return false
  if (earlier.at !== null && later.at !== null) {
    if (later.at - earlier.at > rules.gapMs) return false
    return !isRecoveredBetween(rules.samples, earlier.at, later.at)
  }
  if (earlier.uptimeSeconds !== null && later.uptimeSeconds !== null) {
    return (later.uptimeSeconds - earlier.uptimeSeconds) * 1000 <= rules.gapMs
  }
  return true
}

function isRebootBetween(earlier: Member, later: Member, boots: Member[]): boolean {
  if (earlier.uptimeSeconds !== null && later.uptimeSeconds !== null) {
    if (later.uptimeSeconds < earlier.uptimeSeconds - UPTIME_DISORDER_SECONDS) return true
  }
  return boots.some(
    (boot) => boot.track === earlier.track && byPlace(earlier, boot) < 0 && byPlace(boot, later) <= 0 && boot !== later,
  )
}

/** The cluster of the same scope (of any, when the text does not tell) that an orphaned report lies within or near. */
function nearest(orphan: Member, clusters: Cluster[], rules: Rules): Cluster | null {
  let best: Cluster | null = null
  let bestDistance = Number.POSITIVE_INFINITY
  for (const cluster of clusters) {
    if (cluster.track !== orphan.track || (orphan.scope !== null && orphan.scope !== cluster.scope)) continue
    const neighbours = cluster.members.map((other) => (byPlace(other, orphan) <= 0 ? [other, orphan] : [orphan, other]))
    for (const [earlier, later] of neighbours) {
      if (!earlier || !later || !belongTogether(earlier, later, rules)) continue
      const distance = distanceBetween(earlier, later)
      if (distance < bestDistance) {
        best = cluster
        bestDistance = distance
      }
    }
  }
  return best
}

/** In ms where there is a clock, else in lines. */
function distanceBetween(earlier: Member, later: Member): number {
  if (earlier.at !== null && later.at !== null) return later.at - earlier.at
  return Math.abs(later.line - earlier.line)
}

/** Gives each event to the incident it leads into, happens in or follows from. @returns those that belong to none */
function attachEvents(events: Member[], clusters: Cluster[], rules: Rules): Member[] {
  const spans = clusters.map((cluster) => ({ cluster, ...spanOf(cluster), names: cgroupNames(cluster) }))
  const strays: Member[] = []
  // Latest first, so that a chain of signs reaches back as far as it is unbroken.
  for (const event of [...events].reverse()) {
    let best: (typeof spans)[number] | null = null
    let bestDistance = Number.POSITIVE_INFINITY
    for (const span of spans) {
      const distance = distanceFromSpan(event, span, rules)
      if (distance === null) continue
      const related = names(event, span.names) ? -1 : 0
      if (distance + related < bestDistance) {
        best = span
        bestDistance = distance + related
      }
    }
    if (!best) strays.push(event)
    else {
      best.cluster.members.push(event)
      if (isSign(event) && byPlace(event, best.first) < 0) best.first = event
    }
  }
  return strays.reverse()
}

function spanOf(cluster: Cluster): { first: Member; last: Member } {
  const ordered = [...cluster.members].sort(byPlace)
  const [first] = ordered
  const last = ordered.at(-1)
  if (!first || !last) throw new Error('a cluster is never empty')
  return { first, last }
}

function distanceFromSpan(
  event: Member,
  span: { cluster: Cluster; first: Member; last: Member },
  rules: Rules,
): number | null {
  if (event.track !== span.cluster.track) return null
  if (byPlace(event, span.first) < 0) {
    const distance = distanceBetween(event, span.first)
    const isLeading = span.first.at === null || distance <= LEAD
    return isLeading && !isRebootBetween(event, span.first, rules.boots) ? distance : null
  }
  if (byPlace(event, span.last) <= 0) return 0
  if (isRebootBetween(span.last, event, rules.boots)) return null
  const end = span.last.until ?? span.last.at
  if (end === null || event.at === null) return distanceBetween(span.last, event)
  const distance = Math.max(0, event.at - end)
  const isEndOfIt = kindOf(event) === 'boot' || kindOf(event) === 'shutdown' || kindOf(event) === 'panic'
  return distance <= (isEndOfIt ? rules.gapMs : TAIL) ? distance : null
}

/** The parts of the cluster's cgroup paths that are long enough to be told apart in a sentence. */
function cgroupNames(cluster: Cluster): ReadonlySet<string> {
  const paths = cluster.members.map(({ fact }) => ('kill' in fact ? (fact.kill.limitCgroup ?? fact.kill.cgroup) : null))
  return new Set(paths.flatMap((path) => (path ?? '').split('/')).filter((name) => name.length > 5))
}

/** True when the event names one of the cgroups. */
function names(event: Member, cgroups: ReadonlySet<string>): boolean {
  if (cgroups.size === 0 || !('event' in event.fact)) return false
  const { message, detail } = event.fact.event
  const words = [message, ...Object.values(detail)].join(' ')
  for (const name of cgroups) if (words.includes(name)) return true
  return false
}

function kindOf(member: Member): EventKind | null {
  return 'event' in member.fact ? member.fact.event.kind : null
}

function isSign(member: Member): boolean {
  return 'event' in member.fact && member.fact.event.severity !== 'info'
}

function isTrouble(member: Member): boolean {
  if (!('event' in member.fact)) return false
  return TROUBLE.has(member.fact.event.kind) || isOomPanic(member)
}

function isOomPanic(member: Member): boolean {
  return kindOf(member) === 'panic' && 'event' in member.fact && OOM_PANIC.test(member.fact.event.message)
}

/** The span begins with the first sign in the samples that leads into it without recovery. */
function withLeadIn(facts: IncidentFacts, samples: Series): IncidentFacts {
  const lead = facts.from === null ? null : leadIn(facts, samples)
  if (facts.from === null || lead?.first.by !== 'samples') return facts
  return { ...facts, from: Math.min(facts.from, lead.first.at) }
}

function toFacts(cluster: Cluster): IncidentFacts {
  const members = [...cluster.members].sort(byPlace)
  const isInSpan = (member: Member) => !('event' in member.fact) || (isSign(member) && !isAftermath(member, members))
  const times = members.filter(isInSpan).flatMap((member) => [member.at, member.until].filter((at) => at !== null))
  return {
    kills: members.flatMap(({ fact }) => ('kill' in fact ? [fact.kill] : [])),
    reports: members.flatMap(({ fact }) => ('report' in fact ? [fact.report] : [])),
    events: members.flatMap(({ fact }) => ('event' in fact ? [fact.event] : [])),
    from: times.length === 0 ? null : Math.min(...times),
    to: times.length === 0 ? null : Math.max(...times),
  }
}

/** An event after the last kill or report: only a panic for want of memory lengthens the incident. */
function isAftermath(event: Member, members: Member[]): boolean {
  const facts = members.filter((member) => !('event' in member.fact))
  const last = facts.at(-1)
  return last !== undefined && byPlace(event, last) > 0 && !isOomPanic(event)
}

function withoutRepeats<Fact extends { lines: Kill['lines'] }>(
  facts: Fact[],
  keyOf: (fact: Fact) => string,
  rank: (fact: Fact) => number,
): Fact[] {
  const byKey = new Map<string, Fact>()
  const ordered = [...facts].sort((a, b) => rank(a) - rank(b) || byLines(a.lines, b.lines))
  for (const fact of ordered) {
    const key = keyOf(fact)
    const known = byKey.get(key)
    // Two lines of one source with one key are two facts: only another source can repeat one.
    if (known && known.lines.source !== fact.lines.source) continue
    byKey.set(known ? `${key}|${fact.lines.from}` : key, fact)
  }
  return [...byKey.values()]
}

function byLines(a: Kill['lines'], b: Kill['lines']): number {
  return a.source < b.source ? -1 : a.source > b.source ? 1 : a.from - b.from
}

function byPlace(a: Member, b: Member): number {
  if (a.at !== null && b.at !== null && a.at !== b.at) return a.at - b.at
  if (a.source !== b.source) return a.source < b.source ? -1 : 1
  return a.line - b.line || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
}

function byStart(a: IncidentFacts, b: IncidentFacts): number {
  if (a.from !== null && b.from !== null && a.from !== b.from) return a.from - b.from
  if ((a.from === null) !== (b.from === null)) return a.from === null ? 1 : -1
  const first = linesOf(a)
  const second = linesOf(b)
  return first && second ? byLines(first, second) : 0
}

function linesOf(facts: IncidentFacts): Kill['lines'] | null {
  return (facts.kills[0] ?? facts.reports[0] ?? facts.events[0])?.lines ?? null
}
