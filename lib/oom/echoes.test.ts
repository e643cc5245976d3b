import { expect, test } from 'vitest'
import { foldEchoes } from '@/lib/oom/echoes'
import { createFacts } from '@/lib/oom/facts'
import type { Entry } from '@/lib/oom/source'

function entry(line: number, seconds: number, message: string): Entry {
  return {
    from: line,
    to: line,
    host: 'box',
    program: null,
    pid: null,
    stream: 'box',
    bootKey: 'box',
    moment: { wallMs: seconds * 1000, uptimeMs: null },
    stamp: () => ({ text: null, at: null, uptimeSeconds: null }),
    message,
    format: 'rfc3164',
  }
}

test("a unit's line within half a minute is an echo of the kill in its cgroup, and only of that", () => {
  const facts = createFacts('log')
  facts.addKill(entry(1, 0, ''), 'kernel', { pid: 1, cgroup: '/system.slice/web.service' })
  facts.addKill(entry(2, 1, ''), 'kernel', { pid: 2, cgroup: '/system.slice/db.service' })
  facts.addEvent(entry(3, 2, 'a'), 'service-killed', 'critical', { unit: 'db.service' })
  facts.addEvent(entry(4, 60, 'b'), 'service-killed', 'critical', { unit: 'web.service' })
  foldEchoes(facts)
  expect(facts.kills.map(({ kill }) => kill.echoes.map(({ from }) => from))).toEqual([[], [3]])
  expect(facts.events).toHaveLength(2)
})

test('the slices above a unit repeat it', () => {
  const facts = createFacts('log')
  facts.addEvent(entry(1, 0, 'a'), 'service-killed', 'critical', { unit: 'web.service' })
  facts.addEvent(entry(2, 0, 'b'), 'service-killed', 'critical', { unit: 'system.slice' })
  foldEchoes(facts)
  expect(facts.events.map(({ event }) => event.detail.unit)).toEqual(['web.service'])
})

test('an event printed over and over is one event with a count', () => {
  const facts = createFacts('log')
  for (let line = 1; line <= 5; line += 1) facts.addEvent(entry(line, line, 'same'), 'container-oom', 'critical', {})
  expect(facts.events.map(({ event }) => event.detail.count)).toEqual([5])
})
