import { expect, test } from 'vitest'
import {
  heldByCgroup,
  largestFamilies,
  largestHolders,
  largestMoment,
  type ProcessList,
  type ProcessRow,
  totalsByProgram,
} from '@/lib/metrics/process'

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

test('the largest families are told by whom they descend from, through every generation', () => {
  const child = (pid: number, comm: string, ppid: number | null) => ({ ...row(pid, comm, null), ppid })
  const rows = [
    child(1, 'init', 0),
    child(40, 'sshd', 1),
    child(41, 'sshd', 40),
    child(50, 'apache2', 1),
    ...[51, 52, 53].map((pid) => child(pid, 'apache2', 50)),
    child(60, 'php', 53),
  ]
  expect(largestFamilies(rows)).toBe('apache2 50 → 4')
  expect(largestFamilies([row(7, 'java', 100), row(8, 'java', 100)])).toBeNull()
})

test('parents that are each other are counted once', () => {
  const loop = [
    { ...row(10, 'a', null), ppid: 11 },
    { ...row(11, 'b', null), ppid: 10 },
    { ...row(12, 'c', null), ppid: 11 },
  ]
  expect(largestFamilies(loop)).toBe('a 10 → 2 · b 11 → 2')
})

test('open files are told with what nobody else can see of them', () => {
  const open = { comm: 'java', user: 'app', deletedBytes: null, sharedBytes: null }
  expect(
    largestHolders([
      { ...open, pid: 812, files: 40_123, deletedBytes: 2_147_483_648 },
      { ...open, pid: 9, files: 12, sharedBytes: 1_048_576 },
    ]),
  ).toBe('java 812: 40,123 (2\u00a0GiB deleted) · java 9: 12 (1\u00a0MiB shared memory)')
  expect(largestHolders([])).toBeNull()
})

test('of a control group only what its file tells is told', () => {
  const group = { version: 2 as const, limitBytes: null, limitWithSwapBytes: null, stats: {} }
  expect(heldByCgroup({ ...group, anonBytes: 1_048_576, fileBytes: 0, swapBytes: null })).toBe(
    'anonymous 1\u00a0MiB · file 0\u00a0B',
  )
  expect(heldByCgroup({ ...group, anonBytes: null, fileBytes: null, swapBytes: null })).toBeNull()
})
