import { expect, test } from 'vitest'
import { measuredProcesses } from '@/lib/metrics/measured'
import type { ProcessRow } from '@/lib/metrics/process'

function row(pid: number, rssKib: number | null, swapKib: number | null = null): ProcessRow {
  return { pid, comm: `p${pid}`, user: null, ppid: null, rssKib, swapKib, vszKib: null, args: null }
}

test('a list of a file becomes what an agent would have measured: bytes, largest first, swapped memory counted', () => {
  expect(measuredProcesses({ at: 5, line: 2, rows: [row(1, 10), row(2, 4, 20), row(3, null)] })).toEqual({
    at: 5,
    processes: [
      { pid: 2, comm: 'p2', rss: 4096, swap: 20_480, oomScoreAdj: null },
      { pid: 1, comm: 'p1', rss: 10_240, swap: null, oomScoreAdj: null },
    ],
  })
})

test('the fifty largest of a long list are kept', () => {
  const rows = Array.from({ length: 80 }, (_, index) => row(index + 1, index + 1))
  const pids = measuredProcesses({ at: 5, line: 1, rows })?.processes.map(({ pid }) => pid)
  expect(pids).toHaveLength(50)
  expect(pids?.[0]).toBe(80)
})

test('without an instant, or without any size, there is nothing to draw', () => {
  expect(measuredProcesses({ at: null, line: 1, rows: [row(1, 10)] })).toBeNull()
  expect(measuredProcesses({ at: 5, line: 1, rows: [row(1, null), row(2, 0)] })).toBeNull()
})
