import { expect, test } from 'vitest'
import { largestMoment, type ProcessList, type ProcessRow, totalsByProgram } from '@/lib/metrics/process'

function row(pid: number, comm: string, rssKib: number | null): ProcessRow {
  return { pid, comm, user: null, ppid: null, rssKib, swapKib: null, vszKib: null, args: null }
}

function list(at: number, ...rows: ProcessRow[]): ProcessList {
  return { at, line: 1, rows }
}

test('the moment that counts is the one in which the largest process was largest', () => {
  const lists = [list(1, row(7, 'java', 100)), list(2, row(7, 'java', 900)), list(3, row(7, 'java', 300))]
  expect(largestMoment(lists)?.at).toBe(2)
})

test('where no list tells sizes it is the last; without lists there is none', () => {
  expect(largestMoment([list(1, row(7, 'java', null)), list(2, row(7, 'java', null))])?.at).toBe(2)
  expect(largestMoment([])).toBeNull()
})

test('processes of one program count together; unknown sizes are not 0', () => {
  expect(totalsByProgram([row(1, 'init', null), row(7, 'java', 100), row(8, 'php', 150), row(9, 'java', 100)])).toEqual(
    [
      { comm: 'java', processes: 2, rssKib: 200 },
      { comm: 'php', processes: 1, rssKib: 150 },
      { comm: 'init', processes: 1, rssKib: null },
    ],
  )
})
