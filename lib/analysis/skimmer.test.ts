import { expect, test } from 'vitest'
import { createLogReader } from '@/lib/analysis/reader'

function read(text: string, chunkBytes = 1 << 20) {
  const bytes = new TextEncoder().encode(text)
  const reader = createLogReader({ name: 'x', host: null, zone: null, year: 2026, modifiedAt: null, receivedAt: null })
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes))
  return reader.end()
}

/** A log server's file: `count` lines, hosts in turn, five minutes apart. */
function serverLog(count: number, hosts: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const at = new Date(Date.UTC(2026, 0, 1) + index * 300_000).toISOString()
    return `Jan ${String(Number(at.slice(8, 10))).padStart(2)} ${at.slice(11, 19)} host${index % hosts} CRON[9]: (root) CMD (true)\n`
  })
  return lines.join('')
}

test.each([1, 3, 8, 20])('lines that nobody looks at are counted by host: %i hosts', (hosts) => {
  const text = serverLog(1000, hosts)
  const analysis = read(text)
  expect(analysis.hosts).toHaveLength(hosts)
  expect(analysis.hosts.reduce((sum, { lines }) => sum + lines, 0)).toBe(1000)
  expect(analysis.hosts.find(({ host }) => host === 'host0')?.lines).toBe(Math.ceil(1000 / hosts))
  expect(read(text, 333)).toEqual(analysis)
})

test('the span of a log is that of its first and last line', () => {
  const analysis = read(serverLog(1000, 2))
  expect(analysis.from).toBe(Date.UTC(2026, 0, 1))
  expect(analysis.to).toBe(Date.UTC(2026, 0, 1) + 999 * 300_000)
})

test('a log behind a long text without stamps is still noticed', () => {
  const analysis = read(`${'some prose without any stamp\n'.repeat(500)}${serverLog(300, 1)}`)
  expect(analysis.from).not.toBeNull()
  expect(analysis.account.ignored).toBe(800)
})
