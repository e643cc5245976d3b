import { expect, test } from 'vitest'
import type { HostSummary } from '@/lib/incidents/host'
import { byRisk, riskOf } from '@/lib/incidents/risk'
import type { Sample } from '@/lib/metrics/sample'

const NOW = Date.UTC(2026, 10, 24, 12)

function host(name: string, latest: Sample | null, lastKillAt: number | null = null): HostSummary {
  return { id: name, name, latest, lastKillAt, kills7d: 0, kills30d: 0, firstSeenAt: 0, lastSeenAt: 0, isSample: false }
}

test('a host is judged by what is available and by pressure', () => {
  expect(riskOf(host('a', { at: NOW, memTotal: 100, memAvailable: 3 }), NOW)).toMatchObject({
    state: 'critical',
    reason: '3 % available',
  })
  expect(riskOf(host('a', { at: NOW, memTotal: 100, memAvailable: 60, psiMemSomeAvg10: 24 }), NOW)).toMatchObject({
    state: 'watch',
    reason: 'pressure 24 %',
  })
  expect(riskOf(host('a', { at: NOW, memTotal: 100, memAvailable: 60 }), NOW).state).toBe('ok')
})

test('a host that stopped sending is silent, not fine; one that never sent is unknown', () => {
  expect(riskOf(host('a', { at: NOW - 14 * 60_000, memTotal: 100, memAvailable: 60 }), NOW).state).toBe('silent')
  expect(riskOf(host('a', { at: Date.UTC(2007, 10, 2), memTotal: 100, memAvailable: 1 }), NOW).state).toBe('unknown')
  expect(riskOf(host('a', null), NOW).state).toBe('unknown')
})

test('the worst host comes first', () => {
  const hosts = [
    host('calm', { at: NOW, memTotal: 100, memAvailable: 60 }),
    host('old', null, 5),
    host('tight', { at: NOW, memTotal: 100, memAvailable: 2 }),
  ]
  expect(byRisk(hosts, NOW).map((each) => each.host.name)).toEqual(['tight', 'calm', 'old'])
})
