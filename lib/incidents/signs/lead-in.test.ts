import { describe, expect, test } from 'vitest'
import { aKill, anEvent, minutes } from '@/lib/incidents/facts-for-tests'
import { groupIncidents } from '@/lib/incidents/group'
import type { IncidentFacts } from '@/lib/incidents/incident'
import { leadIn } from '@/lib/incidents/signs/lead-in'
import type { Series } from '@/lib/metrics/sample'

const facts = (known: Partial<IncidentFacts> = {}): IncidentFacts => {
  return { kills: [aKill({ at: minutes(0) })], reports: [], events: [], from: minutes(0), to: minutes(0), ...known }
}

/** One sample a minute from two hours before to half an hour after; short in the given spans of minutes. */
function samples(...short: [number, number][]): Series {
  return Array.from({ length: 150 }, (_, index) => index - 120).map((minute) => {
    const isShort = short.some(([from, to]) => minute >= from && minute <= to)
    const memAvailable = isShort ? 5 : 60
    return { at: minutes(minute), memTotal: 100, memAvailable, swapTotal: 50, swapFree: isShort ? 5 : 50 }
  })
}
const firstMinute = (series: Series, known: Partial<IncidentFacts> = {}) => {
  const lead = leadIn(facts(known), series)
  return lead && (lead.first.at - minutes(0)) / 60_000
}

test('the first sign is where the shortage began that was still there at the kill', () => {
  expect(firstMinute(samples([-50, 0]))).toBe(-50)
})

test('a pause shorter than a recovery belongs to it, an earlier shortage does not', () => {
  expect(firstMinute(samples([-60, -40], [-35, 0]))).toBe(-60)
  expect(firstMinute(samples([-110, -80], [-35, 0]))).toBe(-35)
})

test('a shortage that was over long before leads to nothing', () => {
  expect(firstMinute(samples([-110, -80]))).toBeNull()
})

test('what is seen at the instant of the kill is no sign of it', () => {
  expect(firstMinute(samples([0, 10]))).toBeNull()
})

test('samples that end an hour before it tell nothing', () => {
  expect(firstMinute(samples([-110, 0]).filter(({ at }) => at < minutes(-60)))).toBeNull()
})

test('a series that begins in trouble is said to be cut', () => {
  expect(leadIn(facts(), samples([-120, 0]))).toMatchObject({ isCutAtStart: true, tightAt: minutes(-120) })
  expect(leadIn(facts(), samples([-50, 0]))?.isCutAtStart).toBe(false)
})

test('the changes go on to the recovery', () => {
  const changes = leadIn(facts(), samples([-50, 3]))?.changes ?? []
  expect(changes.map(({ since, level }) => [(since - minutes(0)) / 60_000, level])).toEqual([
    [-50, 'tight'],
    [9, 'ok'],
  ])
})

describe('a warning in the log', () => {
  const fork = anEvent({ kind: 'fork-failed', at: minutes(-70), severity: 'sign' })

  test('counts when it is earlier', () => {
    expect(firstMinute(samples([-50, 0]), { events: [fork] })).toBe(-70)
    expect(firstMinute([], { events: [fork] })).toBe(-70)
  })

  test('does not when it is no sign, or later than the kill', () => {
    expect(firstMinute([], { events: [{ ...fork, severity: 'info' }] })).toBeNull()
    expect(firstMinute([], { events: [anEvent({ kind: 'fork-failed', at: minutes(1), severity: 'sign' })] })).toBeNull()
  })
})

test('the machine tells nothing of a group at its own limit', () => {
  const kills = [aKill({ at: minutes(0), constraint: 'memcg', limitCgroup: '/app' })]
  expect(firstMinute(samples([-50, 0]), { kills })).toBeNull()
})

test('an incident begins with its first sign', () => {
  const [incident] = groupIncidents([aKill({ at: minutes(0) })], [], [], { samples: samples([-50, 0]) })
  expect(incident).toMatchObject({ from: minutes(-50), to: minutes(0) })
})
