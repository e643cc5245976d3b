import type { IncidentFacts } from '@/lib/incidents/incident'
import { rank } from '@/lib/incidents/signs/signals'
import { followWarnings, type Standing } from '@/lib/incidents/signs/warning'
import type { Series } from '@/lib/metrics/sample'
import type { EventKind, LogEvent } from '@/lib/oom/report'
import type { EpochMs } from '@/lib/units'

/** What could have been seen before the first kill. */
export interface LeadIn {
  /** Of the first kill; of the first report where nothing was killed. */
  until: EpochMs
  /** The first sign that leads there without recovery. */
  first: { at: EpochMs; by: 'samples'; standing: Standing } | { at: EpochMs; by: 'log'; event: LogEvent }
  /** First time two signals agreed that it was tight; null when it never came to that before. */
  tightAt: EpochMs | null
  /** The changes of state from the first sign on, up to the end of the incident and its recovery; empty without samples. */
  changes: Standing[]
  /** The state was not ok from the first sample on: the true first sign lies before it. */
  isCutAtStart: boolean
}

const MINUTE = 60_000
/** An hour of calm is a recovery, a few minutes are not. DESIGN: memory back for 15 minutes. */
const RECOVERED_MS = 15 * MINUTE
/** Samples that end earlier than this before the kill do not tell what led into it. */
const LEADS_MS = 30 * MINUTE
/** How far back is looked. */
export const LOOK_BACK_MS = 12 * 60 * MINUTE

const SIGNS_IN_LOG: ReadonlySet<EventKind> = new Set<EventKind>([
  'low-memory',
  'allocation-failure',
  'fork-failed',
  'hung-task',
  'soft-lockup',
  'alert',
])

/** When it began: the first kill with a time, else the first report; null without either. */
export function beginningOf(facts: Pick<IncidentFacts, 'kills' | 'reports'>): EpochMs | null {
  const times = (facts.kills.length > 0 ? facts.kills : facts.reports).flatMap(({ stamp }) =>
    stamp.at === null ? [] : [stamp.at],
  )
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b))
}

/**
 * Runs the warning machine over the samples before an incident and reads the warnings in its log.
 *
 * @param samples of the host, ascending
 * @returns null when nothing was to be seen, or the log gives no time
 */
export function leadIn(facts: IncidentFacts, samples: Series): LeadIn | null {
  return leadOf(facts, isOfMachine(facts) ? samples : [])
}

/** The same where the samples are those of what ran out itself: a group at its limit. */
export function leadOf(facts: IncidentFacts, samples: Series): LeadIn | null {
  const until = beginningOf(facts)
  if (until === null) return null
  const measured = measuredLead(samples, until, facts.to)
  const logged = firstInLog(facts, until)
  if (!measured && !logged) return null
  const [start] = measured?.changes ?? []
  const isLoggedFirst = logged !== null && (!start || logged.stamp.at < start.since)
  const first: LeadIn['first'] | null = isLoggedFirst
    ? { at: logged.stamp.at, by: 'log', event: logged }
    : start
      ? { at: start.since, by: 'samples', standing: start }
      : null
  if (!first) return null
  const tight = measured?.changes.find(({ since, level }) => since <= until && rank(level) >= rank('tight'))
  return {
    until,
    first,
    tightAt: tight?.since ?? null,
    changes: measured?.changes ?? [],
    isCutAtStart: !isLoggedFirst && (measured?.isCutAtStart ?? false),
  }
}

/** A control group at its limit says nothing about the machine, and the machine's samples nothing about it. */
export function isOfMachine(facts: IncidentFacts): boolean {
  const of = facts.kills.length > 0 ? facts.kills : facts.reports
  return of.length > 0 && of.every(({ constraint }) => constraint !== 'memcg')
}

function measuredLead(
  samples: Series,
  until: EpochMs,
  to: EpochMs | null,
): { changes: Standing[]; isCutAtStart: boolean } | null {
  const end = to ?? until
  const near = samples.filter(({ at }) => at >= until - LOOK_BACK_MS && at <= end + LEADS_MS)
  const last = near.findLast(({ at }) => at <= until)
  if (!last || until - last.at > LEADS_MS) return null
  const changes = followWarnings(near)
  // What happens at the instant of the kill is no sign of it.
  const before = changes.filter(({ since }) => since < until)
  let start: number | null = null
  let calmUntil = until
  for (let index = before.length - 1; index >= 0; index -= 1) {
    const change = before[index]
    if (!change) break
    if (change.level === 'ok') {
      if (calmUntil - change.since >= RECOVERED_MS) break
    } else {
      start = index
      calmUntil = change.since
    }
  }
  const first = start === null ? undefined : before[start]
  if (start === null || !first) return null
  const ending = changes.findIndex(({ since, level }) => since > end && level === 'ok')
  return {
    changes: changes.slice(start, ending < 0 ? undefined : ending + 1),
    isCutAtStart: first === changes[0],
  }
}

function firstInLog(facts: IncidentFacts, until: EpochMs): (LogEvent & { stamp: { at: EpochMs } }) | null {
  const signs = facts.events.flatMap((event) => {
    const { at } = event.stamp
    const isSign = SIGNS_IN_LOG.has(event.kind) && event.severity !== 'info'
    return isSign && at !== null && at < until ? [{ ...event, stamp: { ...event.stamp, at } }] : []
  })
  return signs.reduce<(typeof signs)[number] | null>(
    (first, sign) => (first && first.stamp.at <= sign.stamp.at ? first : sign),
    null,
  )
}
