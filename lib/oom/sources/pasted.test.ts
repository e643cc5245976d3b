import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
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

const SYSLOG = readFileSync(
  join(import.meta.dirname, '..', 'fixtures', 'pasted', 'top-and-scripts-in-syslog.log'),
  'utf8',
)
const MIB = 1024 * 1024
const at = (hour: number, minute: number, second: number) => Date.UTC(2026, 2, 8, hour, minute, second)

function readSyslog(text: string, year: number | null = 2026) {
  return analyzeText(text, { name: 'syslog', host: null, zone: 'UTC', year, modifiedAt: null, receivedAt: null })
}

describe('top between two lines of a syslog', () => {
  const { samples, processHistory, events } = readSyslog(SYSLOG)

  test('gives the sample that it gives as a file of its own, at its time of day', () => {
    expect(samples[0]).toMatchObject({
      at: at(2, 15, 7),
      load1: 9.12,
      memTotal: 3936 * MIB,
      memAvailable: 61 * MIB,
      swapFree: 12.5 * MIB,
    })
  })

  test('gives its processes, with the line where they begin', () => {
    expect(processHistory).toMatchObject([{ at: at(2, 15, 7), line: 9 }])
    expect(processHistory[0]?.rows.map(({ pid, comm, rssKib }) => [pid, comm, rssKib])).toEqual([
      [2207, 'java', 3040870],
      [1188, 'mysqld', 402204],
    ])
  })

  test('stands on the timeline at that instant, with the lines of its table', () => {
    expect(events[0]).toMatchObject({
      kind: 'snapshot',
      stamp: { at: at(2, 15, 7), text: '02:15:07' },
      lines: { from: 2, to: 10 },
      detail: { load1: 9.12, processes: 2 },
    })
  })
})

test('what scripts send to syslog has the time of its lines, whoever writes between them', () => {
  const { samples } = readSyslog(SYSLOG)
  expect(samples[1]).toMatchObject({ at: at(2, 16, 1), memFree: 2410112 * 1024, memAvailable: 2933760 * 1024 })
  expect(samples[2]).toMatchObject({ at: at(2, 17, 1), memFree: 2409000 * 1024 })
  expect(samples[3]).toMatchObject({ at: at(2, 17, 6), memFree: 2408100 * 1024, swapInPerSec: 0 })
})

test('a date printed above it says when free ran', () => {
  expect(readSyslog(SYSLOG).samples[4]).toMatchObject({ at: at(2, 18, 0), swapFree: 537372 * 1024 })
})

test('top below the last line of a log has a time of day and no day', () => {
  const { undated, events } = readSyslog(SYSLOG)
  expect(undated).toMatchObject([{ timeText: '02:19:40', memFree: 2340 * MIB }])
  expect(events.at(-1)?.stamp).toEqual({ text: '02:19:40', at: null, uptimeSeconds: null })
})

test('between lines that print UTC for a machine of another zone, a time of day tells nothing', () => {
  const utc = SYSLOG.replace(/^Mar {2}8 (\S+)/gm, '2026-03-08T$1Z')
  expect(readSyslog(utc).undated.map(({ timeText }) => timeText)).toEqual(['02:15:07', '02:19:40'])
  const local = SYSLOG.replace(/^Mar {2}8 (\S+)/gm, '2026-03-08T$1+02:00')
  expect(readSyslog(local).samples.find(({ load1 }) => load1 === 9.12)?.at).toBe(at(0, 15, 7))
})

test('a time of day that is not between the lines around it is of another day', () => {
  const later = SYSLOG.replace('02:15:07', '05:15:07')
  expect(readSyslog(later).undated.map(({ timeText }) => timeText)).toEqual(['05:15:07', '02:19:40'])
})

test('of a log server’s file each host gets what was measured on it', () => {
  const { host, samples, elsewhere } = readSyslog(SYSLOG.replaceAll('pine memwatch', 'oak memwatch'))
  expect(host).toBe('pine')
  expect(samples.map((sample) => sample.at)).toEqual([at(2, 15, 7), at(2, 17, 1), at(2, 17, 6), at(2, 18, 0)])
  expect(elsewhere).toMatchObject([{ host: 'oak', samples: [{ at: at(2, 16, 1), memFree: 2410112 * 1024 }] }])
})
