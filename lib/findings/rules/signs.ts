import { groupSeries } from '@/lib/findings/group-series'
import { type FindingRule, finding } from '@/lib/findings/rule'
import { beginningOf, isOfMachine, type LeadIn, leadIn, leadOf } from '@/lib/incidents/signs/lead-in'
import { availableOf } from '@/lib/incidents/signs/left'
import { warningNow } from '@/lib/incidents/signs/warning'
import { momentOf, momentOfGroup, signalParams } from '@/lib/incidents/signs/words'
import { message } from '@/lib/text/catalogue'
import type { Message } from '@/lib/text/message'

/** An older sample tells nothing of what came before. */
const NEAR_MS = 5 * 60_000
/** Nobody could have acted on a shorter notice. */
const SHORTEST_MS = 10_000

/** When it could first have been seen coming, in the samples or in the log. */
export const firstSign: FindingRule = {
  codes: ['first-sign'],
  tells: 'course',
  find(facts, { context, main }) {
    const group = groupSeries(facts, main, context)
    const lead = group ? leadOf(facts, group) : leadIn(facts, context.samples ?? [])
    if (!lead || lead.until - lead.first.at < SHORTEST_MS) return null
    const params = { at: lead.first.at, lead: lead.until - lead.first.at }
    const headline = facts.kills.length > 0 ? message('first-sign', params) : message('first-sign.report', params)
    const lines = lead.first.by === 'log' ? [lead.first.event.lines] : []
    const detail = group ? detailOfGroup(lead) : detailOf(lead)
    return finding('first-sign', headline, detail, lines, {
      moments: lead.changes.map(group ? momentOfGroup : momentOf),
      ...(lead.changes.length > 0 && { sampled: { from: lead.first.at, to: lead.until } }),
    })
  },
}

function detailOf(lead: LeadIn): Message {
  const { first, until, tightAt } = lead
  const isLater = tightAt !== null && tightAt > first.at
  const tight = { tightAt: isLater ? tightAt : null, tightLead: isLater ? until - tightAt : null }
  if (first.by === 'log') return message('first-sign.log', { text: first.event.message, ...tight })
  const params = { ...signalParams(first.standing.signals), ...tight }
  return lead.isCutAtStart ? message('first-sign.samples-cut', params) : message('first-sign.samples', params)
}

function detailOfGroup(lead: LeadIn): Message {
  const { first, until, tightAt } = lead
  const isLater = tightAt !== null && tightAt > first.at
  const tight = { tightAt: isLater ? tightAt : null, tightLead: isLater ? until - tightAt : null }
  if (first.by === 'log') return message('first-sign.log', { text: first.event.message, ...tight })
  const { available, falling } = signalParams(first.standing.signals)
  const params = { used: available === null ? null : 1 - available, falling, ...tight }
  return lead.isCutAtStart ? message('first-sign.group-cut', params) : message('first-sign.group', params)
}

/** Samples that go on until shortly before it with nothing to be seen in them: it came between two samples. */
export const noSign: FindingRule = {
  codes: ['no-sign'],
  tells: 'course',
  find(facts, { context }) {
    const samples = context.samples ?? []
    const until = beginningOf(facts)
    if (until === null || !isOfMachine(facts) || leadIn(facts, samples)) return null
    const last = samples.findLast(({ at }) => at < until)
    const available = last ? availableOf(last) : null
    if (!last || available === null || !last.memTotal || until - last.at > NEAR_MS) return null
    if (warningNow([last])?.level !== 'ok') return null
    const { swapFree, swapTotal } = last
    const detail = message('no-sign.detail', {
      before: until - last.at,
      available: available / last.memTotal,
      swap: swapTotal && swapFree != null ? swapFree / swapTotal : null,
    })
    return finding('no-sign', message('no-sign', {}), detail, [], { sampled: { from: last.at, to: until } })
  },
}
