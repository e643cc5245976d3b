import { expect, test } from 'vitest'
import { readMetrics, recogniseMetrics } from '@/lib/metrics/formats/registry'
import type { SourceHints } from '@/lib/source'

const HINTS: SourceHints = { name: 'x', host: null, zone: 'UTC', year: null, modifiedAt: null, receivedAt: null }
const TWO_TO_64 = '18446744073709551615'

/** What was kept, by time of day, and what was refused, by line. */
function read(text: string, hints: Partial<SourceHints> = {}) {
  const format = recogniseMetrics(text)
  if (!format) throw new Error('not recognised')
  const { samples, processes, warnings, boots } = readMetrics(format, text, { ...HINTS, ...hints })
  const timeOf = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(11, 19))
  return {
    kept: samples.map(({ at }) => timeOf(at)),
    lists: processes.map(({ rows }) => rows.map(({ pid }) => pid)),
    boots: boots.map(({ at }) => timeOf(at)),
    refused: warnings.map(({ line, code }) => `${line} ${code}`),
    reasons: warnings.map(({ detail }) => detail),
    samples,
  }
}

const BANNER = 'Linux 5.14.0-427 (web-07) \t2026-02-03 \t_x86_64_\t(2 CPU)\n\n'
const MEMORY = '10:00:00    kbmemfree   kbavail kbmemused  %memused kbbuffers  kbcached  kbcommit   %commit\n'
const row = (time: string, free: string, avail = '900000', used = '500000', percent = '50.00') =>
  `${time}       ${free}    ${avail}    ${used}     ${percent}      1000    100000    200000     10.00\n`

test('sar: what no machine has is refused row by row, and says why', () => {
  const { kept, refused, reasons } = read(
    BANNER +
      MEMORY +
      row('10:01:00', '500000') +
      row('10:02:00', TWO_TO_64) +
      row('10:03:00', '-5') +
      row('10:04:00', 'nan') +
      row('10:05:00', '500000', '2000000') +
      row('25:06:00', '500000') +
      '10:07:00       500000    9000\n' +
      row('10:08:00', '500000'),
  )
  expect(kept).toEqual(['10:01:00', '10:08:00'])
  expect(refused).toEqual([
    '5 impossible-value',
    '6 impossible-value',
    '7 not-a-number',
    '8 impossible-value',
    '10 cut-row',
  ])
  expect(reasons[3]).toContain('memAvailable: 2,048,000,000 is larger than memTotal (1,024,000,000)')
})

test('sar: a clock that was set back refuses the rows whose times were told before', () => {
  const { kept, refused } = read(
    BANNER +
      MEMORY +
      row('10:50:00', '500000') +
      row('11:00:00', '400000') +
      row('10:10:00', '300000') +
      row('11:00:00', '200000') +
      row('11:10:00', '100000'),
  )
  expect(kept).toEqual(['10:50:00', '11:00:00', '11:10:00'])
  expect(refused).toEqual(['6 clock-back', '7 clock-back'])
})

test('sar: the hour that comes twice in autumn is no clock that was set back', () => {
  const { samples, refused } = read(
    BANNER.replace('2026-02-03', '2026-10-25') +
      MEMORY.replace('10:00:00', '02:30:00') +
      row('02:40:00', '500000') +
      row('02:10:00', '400000') +
      row('02:40:00', '300000'),
    { zone: 'Europe/Berlin' },
  )
  expect(refused).toEqual([])
  expect(samples.map(({ at }) => new Date(at).toISOString())).toEqual([
    '2026-10-25T00:40:00.000Z',
    '2026-10-25T01:10:00.000Z',
    '2026-10-25T01:40:00.000Z',
  ])
})

test.each(['1900-02-03', '9999-02-03', '1970-01-01'])('sar: nothing of %s is kept', (date) => {
  const { kept, refused } = read(BANNER.replace('2026-02-03', date) + MEMORY + row('10:01:00', '500000'))
  expect(kept).toEqual([])
  expect(refused).toEqual(['4 impossible-time'])
})

test('sar: cut in the middle of a row and of a banner, with a restart and a second host, the rest stands', () => {
  const { kept, boots, refused } = read(
    BANNER +
      MEMORY +
      row('10:01:00', '500000') +
      '\n10:02:30     LINUX RESTART\t(2 CPU)\n\n' +
      MEMORY.replace('10:00:00', '10:03:00') +
      row('10:04:00', '500000') +
      BANNER.replace('web-07', 'web-08') +
      MEMORY +
      row('10:05:00', '500000') +
      '10:06:00       5000',
  )
  expect(kept).toEqual(['10:01:00', '10:04:00'])
  expect(boots).toEqual(['10:02:30'])
  expect(refused).toEqual(['10 second-host'])
})

test('vmstat: impossible times and numbers are refused by line', () => {
  const header = ` r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st                 UTC\n`
  const line = (free: string, date: string) =>
    ` 1  0      0 ${free} 332524 982978    0    0   472  3964  833 3201 47 11 42  0  0 ${date} 10:01:00\n`
  const { kept, refused } = read(
    header +
      line('100000', '2026-02-03') +
      line('100000', '9999-02-03') +
      line('100000', '1900-02-03') +
      line('100000', '2026-02-31') +
      line(TWO_TO_64, '2026-02-04') +
      line('nan', '2026-02-05') +
      line('-4', '2026-02-06'),
  )
  expect(kept).toEqual(['10:01:00'])
  expect(refused).toEqual([
    '3 impossible-time',
    '4 impossible-time',
    '5 impossible-time',
    '6 impossible-value',
    '7 cut-row',
    '8 impossible-value',
  ])
})

test('free and meminfo: a part above its whole is refused, the printing after it is kept', () => {
  const free = (second: string, free: string) => `2026-02-03T10:00:0${second}Z
               total        used        free      shared  buff/cache   available
Mem:         8174640     3072000     ${free}       40960     4078640     4894720
`
  expect(read(free('1', '9174640') + free('2', '1024000'))).toMatchObject({
    kept: ['10:00:02'],
    refused: ['3 impossible-value'],
  })
  const meminfo = (second: string, free: string) =>
    `2026-02-03T10:00:0${second}Z\nMemTotal: 8174640 kB\nMemFree: ${free} kB\nCached: 0 kB\n`
  expect(read(meminfo('1', TWO_TO_64) + meminfo('2', '-1') + meminfo('3', '1024'))).toMatchObject({
    kept: ['10:00:02', '10:00:03'],
    refused: ['2 impossible-value', '7 not-a-number'],
  })
})

test('/proc/vmstat: a counter that went back has begun again from 0, and nothing is below it', () => {
  const printing = (second: string, swapped: number, kills: number) =>
    `2026-02-03T10:00:${second}Z\nnr_free_pages 5\nnr_anon_pages 5\nnr_shmem 1\nnr_dirty 0\nnr_mapped 3\npswpin 0\npswpout ${swapped}\noom_kill ${kills}\n`
  const { samples } = read(
    printing('00', 5000, 3) + printing('10', 6000, 4) + printing('20', 10, 0) + printing('30', 20, 1),
  )
  expect(samples.map(({ swapOutPerSec }) => swapOutPerSec)).toEqual([null, 409_600, 4096, 4096])
  expect(samples.map(({ oomKills }) => oomKills)).toEqual([null, 1, 0, 1])
})

test('atop, sadf and nmon refuse what they cannot have measured', () => {
  const atop = (host: string, free: string) =>
    `MEM ${host} 1795488106 2026/11/24 02:41:46 10 4096 1000 ${free} 100 10 10 0 5\n`
  expect(read([atop('web-07', '2000'), atop('web-08', '10'), 'MEM web-07 17954\n'].join('')).refused).toEqual([
    '1 impossible-value',
    '2 second-host',
    '3 cut-row',
  ])
  const sadf = (at: string, free: string) => `web-07;60;${at} UTC;${free};0;0.00\n`
  expect(
    read(
      '# hostname;interval;timestamp;kbswpfree;kbswpused;%swpused\n' +
        sadf('2026-02-03 10:01:00', '1000') +
        sadf('9999-02-03 10:02:00', '1000') +
        sadf('2026-02-03 10:03:00', 'NaN') +
        sadf('2026-02-03 10:04:00', TWO_TO_64) +
        'web-07;60;2026-02-03 10:05',
    ),
  ).toMatchObject({
    kept: ['10:01:00'],
    refused: ['3 impossible-time', '4 not-a-number', '5 impossible-value', '6 cut-row'],
  })
})

test('ps: a process id or a size that cannot be is refused, the others are kept', () => {
  const { lists, refused } = read(`    PID     RSS COMMAND
    812  204800 java
4294967296  2048 ghost
     40 ${TWO_TO_64} sshd
     41    9000 cron
`)
  expect(lists).toEqual([[812, 41]])
  expect(refused).toEqual(['3 impossible-value', '4 impossible-value'])
})
