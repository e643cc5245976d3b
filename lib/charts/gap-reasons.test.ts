import { expect, test } from 'vitest'
import { NO_EVIDENCE, reasonOf } from '@/lib/charts/gap-reasons'
import type { Gap } from '@/lib/charts/series'

const MINUTE = 60_000
const GAP: Gap = { from: 10 * MINUTE, to: 90 * MINUTE, edge: 'inside' }

test('nothing known is no reason', () => {
  expect(reasonOf(GAP, NO_EVIDENCE)).toBeNull()
  expect(reasonOf(GAP, { boots: [5 * MINUTE], shutdowns: [95 * MINUTE], signs: [GAP.from, GAP.to] })).toBeNull()
})

test('a boot in it is a reboot, unless it was told to stop long before', () => {
  expect(reasonOf(GAP, { ...NO_EVIDENCE, boots: [40 * MINUTE] })).toBe('rebooted')
  expect(reasonOf(GAP, { ...NO_EVIDENCE, boots: [40 * MINUTE], shutdowns: [38 * MINUTE] })).toBe('rebooted')
  expect(reasonOf(GAP, { ...NO_EVIDENCE, boots: [80 * MINUTE], shutdowns: [12 * MINUTE] })).toBe('host-down')
})

test('a host that was told to stop and not seen again is down', () => {
  expect(reasonOf(GAP, { ...NO_EVIDENCE, shutdowns: [12 * MINUTE], signs: [11 * MINUTE] })).toBe('host-down')
})

test('a host whose log goes on has a silent agent, if it had one before', () => {
  expect(reasonOf(GAP, { ...NO_EVIDENCE, signs: [50 * MINUTE] })).toBe('agent-silent')
  expect(reasonOf({ ...GAP, edge: 'start' }, { ...NO_EVIDENCE, signs: [50 * MINUTE] })).toBeNull()
})
