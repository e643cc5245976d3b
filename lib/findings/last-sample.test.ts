import { describe, expect, test } from 'vitest'
import { explainIncident } from '@/lib/findings/explain'
import { aKill, minutes } from '@/lib/incidents/facts-for-tests'
import type { IncidentFacts } from '@/lib/incidents/incident'
import type { Sample } from '@/lib/metrics/sample'
import { sayMessage } from '@/lib/text/say'

const GIB = 1024 ** 3
const facts: IncidentFacts = {
  kills: [aKill({ at: minutes(0), comm: 'app' })],
  reports: [],
  events: [],
  from: minutes(0),
  to: minutes(0),
}
const sample = (known: Partial<Sample>): Sample => ({
  at: minutes(-1),
  memTotal: 8 * GIB,
  memAvailable: 0.1 * GIB,
  swapTotal: 2 * GIB,
  swapFree: 0,
  ...known,
})
const explain = (known: Partial<Sample>) => explainIncident(facts, { hostname: 'db1', samples: [sample(known)] })

describe('a kill without a report', () => {
  test('is explained by the sample just before it', () => {
    const { class: cause, confidence, findings } = explain({})
    expect([cause, confidence]).toEqual(['exhaustion', 'high'])
    const found = findings.find(({ code }) => code === 'last-sample')
    expect(found?.detail && sayMessage(found.detail).replaceAll('\u00a0', ' ')).toBe(
      '102 MiB of 8 GiB was available in the last sample before the first kill, and 0 B of 2 GiB swap was free.',
    )
  })

  test.each([
    ['with memory left', { memAvailable: 3 * GIB }],
    ['with swap left', { swapFree: GIB }],
    ['from long before', { at: minutes(-30) }],
    ['from after it', { at: minutes(1) }],
    ['that does not tell what was available', { memAvailable: null }],
  ])('is not explained by a sample %s', (_, known) => {
    const { confidence, findings } = explain(known)
    expect(confidence).toBe('low')
    expect(findings.map(({ code }) => code)).not.toContain('last-sample')
  })
})
