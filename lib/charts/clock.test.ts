import { expect, test } from 'vitest'
import { formatAgo, formatDayTime, formatRange, instantOfWallTime, isKnownZone, zoneOffsetMs } from '@/lib/charts/clock'

const FIRST_KILL = Date.UTC(2007, 10, 2, 14, 11, 2)

test('a time is told in the zone that is asked for', () => {
  expect(formatDayTime(FIRST_KILL, 'UTC')).toBe('Fri 2 Nov 2007, 14:11:02')
  expect(formatDayTime(FIRST_KILL, 'Asia/Shanghai')).toBe('Fri 2 Nov 2007, 22:11:02')
  expect(formatDayTime(FIRST_KILL, 'America/New_York')).toBe('Fri 2 Nov 2007, 10:11:02')
})

test('a zone that nobody knows is told as UTC, and can be asked about', () => {
  expect(isKnownZone('Mars/Olympus')).toBe(false)
  expect(isKnownZone('Europe/Berlin')).toBe(true)
  expect(zoneOffsetMs('Mars/Olympus', FIRST_KILL)).toBe(0)
})

test('a range names its day once, or both days', () => {
  const from = Date.UTC(2007, 10, 2, 11)
  expect(formatRange(from, from + 7 * 3_600_000, 'UTC')).toBe('Fri 2 Nov 2007, 11:00–18:00')
  expect(formatRange(from, from + 14 * 3_600_000, 'UTC')).toBe('Fri 2 Nov 2007, 11:00 – Sat 3 Nov 2007, 01:00')
})

test('a wall time that summer time skips has no instant, one that repeats has its first', () => {
  expect(instantOfWallTime(Date.UTC(2026, 2, 29, 2, 30), 'Europe/Berlin')).toBeNull()
  expect(instantOfWallTime(Date.UTC(2026, 9, 25, 2, 30), 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 25, 0, 30))
  expect(instantOfWallTime(Date.UTC(2026, 5, 1, 12), 'Europe/Berlin')).toBe(Date.UTC(2026, 5, 1, 10))
})

test('how long ago is told in one unit', () => {
  const now = Date.UTC(2026, 10, 24)
  expect(formatAgo(now - 20_000, now)).toBe('just now')
  expect(formatAgo(now - 3 * 3_600_000, now)).toBe('3\u00a0h ago')
  expect(formatAgo(now - 86_400_000, now)).toBe('1\u00a0day ago')
  expect(formatAgo(FIRST_KILL, now)).toBe('19\u00a0years ago')
})
