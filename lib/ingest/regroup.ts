import type pg from 'pg'
import { expectedStep } from '@/lib/charts/series'
import { findCgroups, listGroupSamples } from '@/lib/db/cgroups'
import { type ChangedHost, eventId, killId, reportId } from '@/lib/db/fact-store'
import { type Facts, readFacts } from '@/lib/db/facts'
import { findHostName } from '@/lib/db/hosts'
import {
  deleteForgottenIncidents,
  deleteIncidents,
  type IncidentIdentity,
  listIdentities,
  lockHostIncidents,
  mergeIncident,
  ownersOfFacts,
  replaceBoots,
  saveIncident,
  spanOfIncidents,
} from '@/lib/db/incident-store'
import { listNotes } from '@/lib/db/notes'
import { findProcesses } from '@/lib/db/processes'
import { announce } from '@/lib/db/queue'
import { listSamples } from '@/lib/db/samples'
import { type FactOrigin, listSourcesOfFacts } from '@/lib/db/upload-origins'
import type { ExplainContext } from '@/lib/findings/context'
import { explainIncident } from '@/lib/findings/explain'
import { groupIncidents } from '@/lib/incidents/group'
import type { Explanation, Incident, IncidentFacts, Note } from '@/lib/incidents/incident'
import { recoveryStart } from '@/lib/incidents/recovery'
import { beginningOf, LOOK_BACK_MS } from '@/lib/incidents/signs/lead-in'
import { toProcessList } from '@/lib/metrics/measured'
import type { ProcessList } from '@/lib/metrics/process'
import type { Series } from '@/lib/metrics/sample'
import { sayTitle } from '@/lib/text/say'
import type { EpochMs } from '@/lib/units'

type Client = Pick<pg.PoolClient, 'query'>

const HOUR = 3_600_000
/** Facts further apart than this never belong together: well above the longest gap inside an incident. */
const MARGIN = 12 * HOUR
/** Samples this far after the last fact are looked at for recovery. */
const SAMPLES_AFTER = 2 * HOUR
/** A process list further from the kill than this many samples says nothing about it. */
const LIST_INTERVALS = 2
/** Where no samples tell the interval; and for cgroups, which an agent may walk every sixth round only. */
const OLDEST_LIST_MS = 2 * 60_000
const KILL_TIMES = 200

/**
 * Groups and explains the incidents of a host again around what changed, and keeps their identities: an incident is
 * tied to its earliest fact, so its link survives later arrivals; of incidents that became one the oldest stays and the
 * others lead to it; of one that fell apart the part with its fact keeps the link.
 *
 * @returns ids of the incidents around the change
 */
export async function regroupHost(
  client: Client,
  { hostId, from, to }: ChangedHost,
  undatedUploads: string[],
): Promise<string[]> {
  await lockHostIncidents(client, hostId)
  const hostname = await findHostName(client, hostId)
  const span = from === null || to === null ? null : await widen(client, hostId, { from, to })
  const facts = await readFacts({ hostId, from: span?.from ?? 0, to: span?.to ?? -1, undatedUploads }, client)
  const samples = span ? await listSamples(hostId, around(facts, span), client) : []
  const groups = groupIncidents(facts.kills, facts.reports, facts.events, { samples }).map(identify)
  const owners = await resolveOwners(client, hostId, span, facts, groups)
  const ids: string[] = []
  for (const group of groups) {
    const [winner = null, ...losers] = owners.get(group) ?? []
    const id = await saveGroup(client, { hostId, hostname, group, id: winner?.id ?? null, samples })
    for (const loser of losers) await mergeIncident(client, loser.id, id)
    ids.push(id)
  }
  await replaceBoots(client, hostId)
  await announce({ incidents: ids, hostId }, client)
  return ids
}

/** The span with everything that could belong to an incident in it. */
async function widen(
  client: Client,
  hostId: string,
  change: { from: EpochMs; to: EpochMs },
): Promise<{ from: EpochMs; to: EpochMs }> {
  let span = { from: change.from - MARGIN, to: change.to + MARGIN }
  for (;;) {
    const touched = await spanOfIncidents(client, hostId, span)
    const wider = {
      from: Math.min(span.from, (touched?.from ?? Number.POSITIVE_INFINITY) - MARGIN),
      to: Math.max(span.to, (touched?.to ?? Number.NEGATIVE_INFINITY) + MARGIN),
    }
    // The margin of an incident already inside moves nothing; only one that sticks out goes on.
    if (!touched || (touched.from >= span.from && touched.to <= span.to)) return span
    span = wider
  }
}

/** The span of samples that can matter: around kills and reports, not the whole margin. */
function around(facts: Facts, span: { from: EpochMs; to: EpochMs }): { from: EpochMs; to: EpochMs } {
  const times = [...facts.kills, ...facts.reports].flatMap(({ stamp }) => (stamp.at === null ? [] : [stamp.at]))
  if (times.length === 0) return { from: span.to, to: span.to }
  return {
    from: times.reduce((a, b) => Math.min(a, b)) - LOOK_BACK_MS,
    to: times.reduce((a, b) => Math.max(a, b)) + SAMPLES_AFTER,
  }
}

interface Group extends IncidentFacts {
  killIds: string[]
  reportIds: string[]
  eventIds: string[]
  /** Every fact in it, the one that identifies it first. */
  factIds: string[]
}

function identify(facts: IncidentFacts): Group {
  const killIds = facts.kills.map(killId)
  const reportIds = facts.reports.map(reportId)
  const eventIds = facts.events.map(eventId)
  return { ...facts, killIds, reportIds, eventIds, factIds: [...killIds, ...reportIds, ...eventIds] }
}

/**
 * Which existing incidents each group continues, oldest first. One that no group continues is deleted when its
 * identifying fact was looked at just now, or is gone; else it lies outside of what was looked at and stays.
 */
async function resolveOwners(
  client: Client,
  hostId: string,
  span: { from: EpochMs; to: EpochMs } | null,
  facts: Facts,
  groups: Group[],
): Promise<Map<Group, IncidentIdentity[]>> {
  const groupOf = new Map(groups.flatMap((group) => group.factIds.map((id) => [id, group] as const)))
  const factIds = [...groupOf.keys()]
  const seen = new Set([...facts.kills.map(killId), ...facts.reports.map(reportId), ...facts.events.map(eventId)])
  const identities = await listIdentities(client, hostId, span, factIds)
  const members = countMembers(await ownersOfFacts(client, hostId, factIds), groupOf)
  const owners = new Map<Group, IncidentIdentity[]>()
  const unclaimed: IncidentIdentity[] = []
  for (const identity of identities) {
    const group = groupOf.get(identity.anchorId) ?? members.get(identity.id)
    if (group) owners.set(group, [...(owners.get(group) ?? []), identity])
    else unclaimed.push(identity)
  }
  const looked = unclaimed.filter(({ anchorId }) => seen.has(anchorId)).map(({ id }) => id)
  await deleteIncidents(client, looked)
  await deleteForgottenIncidents(
    client,
    hostId,
    unclaimed.map(({ id }) => id),
  )
  return owners
}

/** For each incident the group that holds most of its facts: it goes there when the fact it is tied to is gone. */
function countMembers(ownerOf: Map<string, string>, groupOf: Map<string, Group>): Map<string, Group> {
  const counts = new Map<string, Map<Group, number>>()
  for (const [factId, incidentId] of ownerOf) {
    const group = groupOf.get(factId)
    if (!group) continue
    const ofIncident = counts.get(incidentId) ?? new Map<Group, number>()
    counts.set(incidentId, ofIncident.set(group, (ofIncident.get(group) ?? 0) + 1))
  }
  const best = new Map<string, Group>()
  for (const [incidentId, ofIncident] of counts) {
    const [first] = [...ofIncident].sort(([, a], [, b]) => b - a)
    if (first) best.set(incidentId, first[0])
  }
  return best
}

async function saveGroup(
  client: Client,
  {
    hostId,
    hostname,
    group,
    id,
    samples,
  }: { hostId: string; hostname: string; group: Group; id: string | null; samples: Series },
): Promise<string> {
  const origins = await listSourcesOfFacts(client, hostId, group.factIds)
  const notes: Note[] = id === null ? [] : await listNotes(id, client)
  const kernel = kernelOf(group)
  const inSpan = samples.filter(
    ({ at }) =>
      group.from !== null && group.to !== null && at >= group.from - LOOK_BACK_MS && at <= group.to + SAMPLES_AFTER,
  )
  const explanation = explainIncident(group, {
    hostname,
    kernel,
    notes,
    samples: inSpan,
    processLists: [
      ...origins.flatMap(({ processes }) => (processes ? [processes] : [])),
      ...(await listProcessesBefore(client, hostId, group, inSpan)),
    ],
    ...(await readCgroups(client, hostId, group)),
  })
  const assumptions = distinct(origins.flatMap((origin) => origin.assumed))
  const isAssumedTime = assumptions.some(
    ({ what, isEvidenced }) => (what === 'year' || what === 'clock') && !isEvidenced,
  )
  return saveIncident(client, {
    ...explanation,
    id,
    hostId,
    anchorId: group.factIds[0] ?? '',
    from: group.from,
    to: group.to,
    arrivedAt: Math.min(...origins.map((origin) => origin.receivedAt)),
    kernel,
    end: endOf(group, samples),
    assumptions,
    isTimeUncertain: isAssumedTime || group.from === null,
    isSample: origins.length > 0 && origins.every((origin) => origin.isSample),
    killCount: group.kills.length,
    killTimes: group.kills
      .flatMap(({ stamp }) => (stamp.at === null ? [] : [stamp.at]))
      .sort((a, b) => a - b)
      .slice(0, KILL_TIMES),
    searchText: searchTextOf(hostname, group, explanation),
    killIds: group.killIds,
    reportIds: group.reportIds,
    eventIds: group.eventIds,
  })
}

/** What ran by the agent's last list, if that is within two of its intervals of the first kill. */
async function listProcessesBefore(
  client: Client,
  hostId: string,
  group: IncidentFacts,
  samples: Series,
): Promise<ProcessList[]> {
  const until = beginningOf(group)
  const step = expectedStep(samples.map(({ at }) => at))
  if (until === null) return []
  const within = step === null ? OLDEST_LIST_MS : step * LIST_INTERVALS
  const listed = await findProcesses(hostId, until, within, client)
  return listed ? [toProcessList(listed)] : []
}

/** The group whose limit was hit over time, and all groups shortly before the first kill. */
async function readCgroups(
  client: Client,
  hostId: string,
  group: IncidentFacts,
): Promise<Pick<ExplainContext, 'group' | 'cgroups'>> {
  const until = beginningOf(group)
  if (until === null) return {}
  const path = limitPathOf(group)
  const range = { from: until - LOOK_BACK_MS, to: until }
  const cgroups = await findCgroups(hostId, until, OLDEST_LIST_MS, client)
  return { cgroups, group: path === null ? [] : await listGroupSamples(hostId, path, range, client) }
}

function limitPathOf({ kills, reports }: IncidentFacts): string | null {
  const kill = kills.find(({ constraint }) => constraint === 'memcg')
  const report = reports.find(({ memcg }) => memcg?.limitPath)
  return kill?.limitCgroup ?? report?.memcg?.limitPath ?? null
}

function kernelOf(group: IncidentFacts): string | null {
  const inReport = group.reports.find((report) => report.kernel !== null)?.kernel
  if (inReport) return inReport
  const boot = group.events.find((event) => event.kind === 'boot' && typeof event.detail.kernel === 'string')
  return boot ? String(boot.detail.kernel) : null
}

function endOf(group: IncidentFacts, samples: Series): Incident['end'] {
  const last = group.kills.reduce<EpochMs | null>(
    (latest, { stamp }) => (stamp.at === null ? latest : Math.max(latest ?? stamp.at, stamp.at)),
    null,
  )
  const since = last ?? group.to
  if (since === null) return 'last-kill'
  const isRebooted = group.events.some(
    ({ kind, stamp }) => (kind === 'boot' || kind === 'panic') && stamp.at !== null && stamp.at >= since,
  )
  if (isRebooted) return 'reboot'
  return recoveryStart(samples, since, since + SAMPLES_AFTER) === null ? 'last-kill' : 'recovered'
}

function searchTextOf(hostname: string, group: IncidentFacts, explanation: Explanation): string {
  const words = new Set([
    hostname,
    sayTitle(explanation.title),
    explanation.class,
    explanation.pattern,
    explanation.hog?.comm,
    ...group.kills.flatMap((kill) => [kill.comm, kill.cgroup, kill.invoker.comm]),
  ])
  return [...words].filter(Boolean).join('\n').toLowerCase().slice(0, 20_000)
}

function distinct(assumptions: FactOrigin['assumed']): FactOrigin['assumed'] {
  return [...new Map(assumptions.map((assumption) => [JSON.stringify(assumption), assumption])).values()]
}
