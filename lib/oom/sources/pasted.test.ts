import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analyzeText } from '@/lib/analysis/file-reader'

const TICKET = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'pasted', 'ticket-with-lists.log'), 'utf8')

function read(text: string) {
  return analyzeText(text, { name: 'ticket', host: null, zone: 'UTC', year: 2007, modifiedAt: null, receivedAt: null })
}

test('a process list in a quoted mail becomes processes with their line', () => {
  const { processes, processHistory } = read(TICKET)
  expect(processHistory).toHaveLength(1)
  expect(processes).toMatchObject({ at: null, line: 6 })
  expect(processes?.rows.map(({ pid, comm, rssKib }) => [pid, comm, rssKib])).toEqual([
    [1, 'init', 536],
    [2211, 'mysqld', 24300],
    [2310, 'scanmail', 57344],
    [2311, 'scanmail', 56320],
  ])
})

test('what free printed there is a sample without an instant', () => {
  const { samples, undated } = read(TICKET)
  expect(samples).toEqual([])
  expect(undated).toMatchObject([
    { memTotal: 256096 * 1024, memFree: 3216 * 1024, swapTotal: 524280 * 1024, swapFree: 0 },
  ])
})

test('both stand on the timeline without a time, and no line of them is ignored', () => {
  const { events, account } = read(TICKET)
  expect(events).toMatchObject([
    { kind: 'snapshot', stamp: { at: null }, lines: { from: 5, to: 9 }, detail: { processes: 4 } },
    { kind: 'snapshot', stamp: { at: null }, lines: { from: 11, to: 14 } },
  ])
  expect(events[0]?.detail.programs).toBe(
    'scanmail (2): 113,664\u00a0kB · mysqld (1): 24,300\u00a0kB · init (1): 536\u00a0kB',
  )
  expect(account.recognised + account.context).toBe(10)
})

test('a list far inside a log is found, and one whose rows are missing is not', () => {
  const log = 'Nov 2 03:04:05 mail sshd[1]: session opened\n'.repeat(1000)
  expect(read(log + TICKET + log).processes?.rows).toHaveLength(4)
  const list =
    'UID        PID  PPID  C STIME TTY          TIME CMD\nmysql     2411     1 12 Oct31 ?        05:10:05 /usr/sbin/mysqld\n'
  expect(read(log + list + log).processes?.rows).toMatchObject([{ pid: 2411, comm: 'mysqld', rssKib: null }])
  expect(read(`${log}  PID TTY      STAT   TIME COMMAND\nnothing here\n`).processHistory).toEqual([])
})
