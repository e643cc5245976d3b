import { describe, expect, test } from 'vitest'
import type { ExplainContext } from '@/lib/findings/context'
import { explainIncident } from '@/lib/findings/explain'
import { aKill, minutes } from '@/lib/incidents/facts-for-tests'
import type { IncidentFacts } from '@/lib/incidents/incident'
import type { GroupSample } from '@/lib/metrics/measured'
import { sayMessage } from '@/lib/text/say'

const MIB = 1024 * 1024
const LIMIT = 512 * MIB
const GROUP = '/system.slice/reports.service'

const factsOf = (anonRssKib: number): IncidentFacts => ({
  kills: [aKill({ at: minutes(120), pid: 4711, comm: 'reports', constraint: 'memcg', limitCgroup: GROUP, anonRssKib })],
  reports: [],
  events: [],
  from: minutes(120),
  to: minutes(120),
})
/** A sample a minute for two hours before the kill. @param usedAt share of the limit by minute */
const group = (usedAt: (minute: number) => number): GroupSample[] =>
  Array.from({ length: 120 }, (_, minute) => ({
    at: minutes(minute),
    usage: Math.round(LIMIT * usedAt(minute)),
    limit: LIMIT,
  }))
const explain = (facts: IncidentFacts, known: Partial<ExplainContext>) =>
  explainIncident(facts, { hostname: 'db1', ...known })
const sayAll = (facts: IncidentFacts, known: Partial<ExplainContext>) =>
  explain(facts, known).findings.map(
    ({ code, headline, detail }) => `${code}: ${sayMessage(headline)} ${detail ? sayMessage(detail) : ''}`,
  )

describe('samples of the group whose limit was hit', () => {
  test('a steady rise to the limit is a leak, seen before', () => {
    const known = { group: group((minute) => 0.3 + (0.69 * minute) / 120) }
    expect(explain(factsOf(500_000), known).pattern).toBe('leak')
    const sign = sayAll(factsOf(500_000), known).find((said) => said.startsWith('first-sign'))
    expect(sign).toMatch(/the group used 85.* of its limit then/)
  })

  test('a group that was calm a minute before is a spike', () => {
    const known = { group: group((minute) => (minute < 118 ? 0.2 : 0.2 + (minute - 117) * 0.38)) }
    expect(explain(factsOf(500_000), known).pattern).toBe('spike')
  })

  test('page cache fills a group in the best of times: without memory of its programs nothing is read into it', () => {
    const known = { group: group((minute) => 0.3 + (0.69 * minute) / 120) }
    const explanation = explain(factsOf(2_000), known)
    expect(explanation.pattern).toBe('unknown')
    expect(explanation.findings.map(({ code }) => code)).not.toContain('first-sign')
  })

  test('they say nothing about the whole machine', () => {
    const facts = factsOf(500_000)
    const kills = facts.kills.map((kill) => ({ ...kill, constraint: 'none' as const, limitCgroup: null }))
    expect(explain({ ...facts, kills }, { group: group(() => 0.99) }).pattern).toBe('unknown')
  })
})

describe('the group that held the most', () => {
  const cgroup = (path: string, mib: number) => ({ path, usage: mib * MIB, limit: null, swap: null, oomKills: null })
  const machine: IncidentFacts = { ...factsOf(2_000), kills: [aKill({ at: minutes(120), comm: 'cron', pid: 812 })] }
  const samples = [{ at: minutes(119), memTotal: 4096 * MIB, memAvailable: 20 * MIB, swapTotal: 0, swapFree: 0 }]
  const cgroups = (...list: ReturnType<typeof cgroup>[]) => ({ at: minutes(119), cgroups: list })

  test('is the innermost with half of RAM or more', () => {
    const list = cgroups(
      cgroup('/', 4000),
      cgroup('/system.slice', 3600),
      cgroup('/system.slice/search.service', 3072),
      cgroup('/system.slice/cron.service', 20),
    )
    const said = sayAll(machine, { samples, cgroups: list })
    expect(said.find((text) => text.startsWith('cgroup-held'))).toMatch(/search\.service used 75.% of RAM/)
  })

  test('is not said where it is the root only', () => {
    const list = cgroups(cgroup('/', 4000), cgroup('/a', 1500), cgroup('/b', 1500))
    expect(sayAll(machine, { samples, cgroups: list }).join()).not.toContain('cgroup-held')
  })
})
