import { describe, expect, test } from 'vitest'
import type { Cause } from '@/lib/findings/cause'
import { findPattern } from '@/lib/findings/pattern'
import { aKill, minutes } from '@/lib/incidents/facts-for-tests'
import type { IncidentFacts } from '@/lib/incidents/incident'
import type { Series } from '@/lib/metrics/sample'
import type { Kill } from '@/lib/oom/report'

const GIB = 1024 ** 3
const factsOf = (kills: Kill[]): IncidentFacts => ({ kills, reports: [], events: [], from: minutes(0), to: minutes(0) })
const cause: Cause = { class: 'exhaustion', confidence: 'medium', decided: { by: 'other' } }
const patternOf = (facts: IncidentFacts, series: Series) =>
  findPattern(facts, null, cause, { hostname: null, samples: series })
const killed = factsOf([aKill({ at: minutes(0) })])

/** One sample a minute up to the kill; what is left of 8 GiB without swap. */
function samples(span: number, leftGib: (beforeKill: number) => number): Series {
  return Array.from({ length: span }, (_, index) => span - 1 - index).map((before) => ({
    at: minutes(-before),
    memTotal: 8 * GIB,
    memAvailable: leftGib(before) * GIB,
    swapTotal: 0,
    swapFree: 0,
  }))
}

describe('samples before the kill', () => {
  test('a steady fall over an hour is a leak', () => {
    expect(
      patternOf(
        killed,
        samples(60, (before) => 0.1 + before * 0.1),
      ),
    ).toBe('leak')
  })

  test('a fall with a bump from a cache is a leak all the same', () => {
    const bumpy = samples(60, (before) => 0.1 + before * 0.1 + (before % 7 === 0 ? 0.15 : 0))
    expect(patternOf(killed, bumpy)).toBe('leak')
  })

  test('a fall within minutes is a spike', () => {
    expect(
      patternOf(
        killed,
        samples(60, (before) => (before > 3 ? 6 : before * 1.5)),
      ),
    ).toBe('spike')
  })

  test('no fall at all is steady', () => {
    expect(
      patternOf(
        killed,
        samples(60, (before) => 0.3 + (before % 2) * 0.01),
      ),
    ).toBe('steady')
  })

  test('samples that end long before it tell nothing', () => {
    const early = samples(60, (before) => before * 0.1).map((sample) => ({ ...sample, at: sample.at - 3_600_000 }))
    expect(patternOf(killed, early)).toBe('unknown')
  })
})

describe('kills of one program in one group', () => {
  const turn = (at: number, pid: number) =>
    aKill({ at: minutes(at), pid, comm: 'python3', constraint: 'memcg', limitCgroup: `/pods/pod${pid}` })

  test('three times with new processes are a restart loop', () => {
    expect(patternOf(factsOf([turn(0, 1), turn(7, 2), turn(15, 3)]), [])).toBe('restart-loop')
  })

  test('twice are not, and neither is a group killed at once', () => {
    expect(patternOf(factsOf([turn(0, 1), turn(7, 2)]), [])).toBe('unknown')
    expect(patternOf(factsOf([turn(0, 1), turn(0, 2), turn(0, 3)]), [])).toBe('unknown')
  })
})
