import { expect, test } from 'vitest'
import type { HostSummary } from '@/lib/incidents/host'
import { byRisk, needsAttention, riskOf } from '@/lib/incidents/risk'
import type { Sample, Series } from '@/lib/metrics/sample'

const NOW = Date.UTC(2026, 10, 24, 12)
const MINUTE = 60_000
const GIB = 1024 ** 3

function host(name: string, latest: Sample | null, known: Partial<HostSummary> = {}): HostSummary {
  const never = { lastKillAt: null, kills7d: 0, kills30d: 0, firstSeenAt: 0, lastSeenAt: 0 }
  return { id: name, name, latest, recent: [], ...never, isSample: false, ...known }
}
const reason = (latest: Sample) => riskOf(host('a', latest), NOW).reason.replaceAll('\u00a0', ' ')

test('two signals make a host tight or critical, one alone is watched', () => {
  const full = { at: NOW, memTotal: 100, memAvailable: 3, swapTotal: 50, swapFree: 2 }
  expect(riskOf(host('a', full), NOW).state).toBe('critical')
  expect(reason(full)).toBe('3 % available, 4 % of swap free')
  const short = { at: NOW, memTotal: 100, memAvailable: 3 }
  expect(riskOf(host('a', short), NOW).state).toBe('watch')
  const pressed = { at: NOW, memTotal: 100, memAvailable: 60, psiMemSomeAvg10: 24 }
  expect(riskOf(host('a', pressed), NOW).state).toBe('watch')
  expect(reason(pressed)).toBe('pressure 24 %')
  expect(riskOf(host('a', { at: NOW, memTotal: 100, memAvailable: 60 }), NOW).state).toBe('ok')
})

test('a host stays tight for five minutes after the last sign', () => {
  const sample = (before: number, memAvailable: number): Sample => {
    return { at: NOW - before * MINUTE, memTotal: 100, memAvailable, swapTotal: 0, swapFree: 0 }
  }
  const recent = [sample(4, 5), sample(3, 50), sample(2, 50), sample(1, 50)]
  expect(riskOf(host('a', sample(0, 50), { recent }), NOW).state).toBe('tight')
  const longAgo = recent.map((each) => ({ ...each, at: each.at - 4 * MINUTE }))
  expect(riskOf(host('a', sample(0, 50), { recent: longAgo }), NOW).state).toBe('ok')
})

test('a host that stopped sending is silent, not fine; one that never sent is unknown', () => {
  expect(riskOf(host('a', { at: NOW - 14 * 60_000, memTotal: 100, memAvailable: 60 }), NOW).state).toBe('silent')
  expect(riskOf(host('a', { at: Date.UTC(2007, 10, 2), memTotal: 100, memAvailable: 1 }), NOW).state).toBe('unknown')
  expect(riskOf(host('a', null), NOW).state).toBe('unknown')
})

test('the worst host comes first', () => {
  const hosts = [
    host('calm', { at: NOW, memTotal: 100, memAvailable: 60 }),
    host('old', null, { lastKillAt: 5 }),
    host('tight', { at: NOW, memTotal: 100, memAvailable: 2, swapTotal: 0 }),
  ]
  expect(byRisk(hosts, NOW).map((each) => each.host.name)).toEqual(['tight', 'calm', 'old'])
})

test('a host that is still fine needs attention when it will run out soon', () => {
  // 8 GiB without swap: 60 minutes from 5 GiB down to 2 GiB.
  const fall: Series = Array.from({ length: 61 }, (_, minute) => ({
    at: NOW - (60 - minute) * MINUTE,
    memTotal: 8 * GIB,
    memAvailable: (5 - minute * 0.05) * GIB,
    swapTotal: 0,
    swapFree: 0,
  }))
  const risk = riskOf(host('a', fall.at(-1) ?? null, { recent: fall }), NOW)
  expect(risk.state).toBe('ok')
  expect(Math.round((risk.exhaustion?.likelyMs ?? 0) / MINUTE)).toBe(40)
  expect(needsAttention(risk)).toBe(true)
})
