import { describe, expect, test } from 'vitest'
import { recomputeBadness } from '@/lib/findings/badness'
import { readReport } from '@/lib/findings/reading'
import { aKill, aReport } from '@/lib/incidents/facts-for-tests'
import type { MemoryInfo, OomReport, Task } from '@/lib/oom/report'

const task = (known: Partial<Task>): Task => ({
  line: 1,
  pid: 1,
  tgid: null,
  uid: 1000,
  comm: 'app',
  totalVmPages: null,
  rssPages: 0,
  rssAnonPages: null,
  rssFilePages: null,
  rssShmemPages: null,
  swapPages: 0,
  pageTableBytes: 0,
  pageTablePages: null,
  oomScoreAdj: 0,
  oomAdj: null,
  ...known,
})
const memory = (ramPages: number, swapTotalKib: number): MemoryInfo => ({
  swapFreeKib: 0,
  swapTotalKib,
  ramPages,
  reservedPages: 0,
  highMemPages: null,
  freePages: null,
  pageCachePages: null,
  swapCachePages: null,
  swapCache: null,
  totalsPages: {},
  nodesKib: {},
  zones: [],
  buddyLists: [],
  hugePages: [],
  lines: {},
})
const judge = (tasks: Task[], victim: number, known: Partial<OomReport> = {}, uid = 1000) => {
  const report = aReport({ tasks, ...known })
  return recomputeBadness(readReport(report, [aKill({ pid: victim, uid, report: 0 })]))
}

test('points are resident, swapped and page-table pages', () => {
  const badness = judge([task({ pid: 4, rssPages: 100, swapPages: 20, pageTableBytes: 8192 })], 4)
  expect(badness?.candidates[0]).toMatchObject({ points: 122, ownPages: 122 })
  expect(badness?.isVictimFirst).toBe(true)
})

test('kernels that count page tables in pages are read as such', () => {
  expect(judge([task({ rssPages: 10, pageTableBytes: null, pageTablePages: 7 })], 1)?.candidates[0]?.points).toBe(17)
})

describe('the adjustment', () => {
  const rows = [task({ pid: 1, rssPages: 300 }), task({ pid: 2, rssPages: 200, oomScoreAdj: 500 })]

  test('adds thousandths of RAM and swap', () => {
    const badness = judge(rows, 2, { memory: memory(1000, 4000) })
    expect(badness?.totalPages).toBe(2000)
    expect(badness?.candidates.map(({ task, points }) => [task.pid, points])).toEqual([
      [2, 1200],
      [1, 300],
    ])
  })

  test('cannot be weighed when the total is not in the report', () => {
    expect(judge(rows, 2)).toBeNull()
  })

  test('of −1000 exempts, whatever the size', () => {
    const badness = judge([task({ pid: 1, rssPages: 900, oomScoreAdj: -1000 }), task({ pid: 2, rssPages: 5 })], 2)
    expect(badness).toMatchObject({ victimRank: 1, isVictimFirst: true })
    expect(badness?.candidates.at(-1)).toMatchObject({ isExempt: true, task: { pid: 1 } })
  })
})

test('a root process may stand before the victim by the three per cent it is forgiven', () => {
  const near = [task({ pid: 101, uid: 0, rssPages: 1000 }), task({ pid: 2, rssPages: 980 })]
  const far = [task({ pid: 101, uid: 0, rssPages: 1100 }), task({ pid: 2, rssPages: 980 })]
  expect(judge(near, 2)?.isVictimFirst).toBe(true)
  expect(judge(far, 2)).toMatchObject({ isVictimFirst: false, victimRank: 2 })
})

test('the first process of the machine is never chosen', () => {
  const rows = [task({ pid: 1, rssPages: 5000 }), task({ pid: 2, rssPages: 980 })]
  expect(judge(rows, 2)).toMatchObject({ isVictimFirst: true, victimRank: 1 })
})

test('kernels without oom_score_adj have another formula, which is not coded', () => {
  expect(judge([task({ rssPages: 10, oomScoreAdj: null, oomAdj: 0 })], 1)).toBeNull()
})

test('a victim that is not in the dump has no rank', () => {
  expect(judge([task({ pid: 1, rssPages: 10 })], 99)).toMatchObject({ victimRank: null, isVictimFirst: null })
})
