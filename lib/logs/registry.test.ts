import { describe, expect, test } from 'vitest'
import type { Envelope } from '@/lib/logs/format'
import { createRecordReader } from '@/lib/logs/journal'
import { createDecoder, LOG_FORMATS } from '@/lib/logs/registry'

function decode(line: string): Envelope {
  return createDecoder()(line)
}

test.each(LOG_FORMATS.map((format) => [format.name, format.sample] as const))(
  '%s decodes its sample: %s',
  (name, sample) => {
    expect(decode(sample).format).toBe(name)
  },
)

test.each(LOG_FORMATS.map((format) => [format.name, format.sample] as const))(
  '%s: any beginning of the sample is read without a throw',
  (_, sample) => {
    for (let length = 0; length <= sample.length; length += 1)
      expect(decode(sample.slice(0, length)).format).not.toBe('')
  },
)

describe('RFC 3164', () => {
  test.each([
    ['Nov 2 14:08:46 mail kernel: x', 'Nov 2 14:08:46', 'mail'],
    ['Nov  2 14:08:46 mail kernel: x', 'Nov  2 14:08:46', 'mail'],
    ['Nov 02 14:08:46 mail.example.org kernel: x', 'Nov 02 14:08:46', 'mail.example.org'],
    ['Nov  2 14:08:46 169 kernel: x', 'Nov  2 14:08:46', '169'],
    ['<4>Nov  2 14:08:46 mail kernel: x', 'Nov  2 14:08:46', 'mail'],
    ['ноя 17 19:15:25 pc kernel: x', 'ноя 17 19:15:25', 'pc'],
  ])('%s', (line, text, host) => {
    expect(decode(line)).toMatchObject({ host, program: 'kernel', message: 'x', time: { text, month: 11, year: null } })
  })

  test('the message after the tag may be empty', () => {
    expect(decode('Nov 2 14:09:52 mail kernel:')).toMatchObject({ host: 'mail', program: 'kernel', message: '' })
  })

  test('a line without a host (journalctl --no-hostname) names only the program', () => {
    expect(decode('avril 16 21:08:50 systemd-oomd[93234]: Killed /a')).toMatchObject({
      host: null,
      program: 'systemd-oomd',
      pid: 93234,
      time: { month: 4, day: 16 },
    })
  })

  test('the uptime inside is kept beside the wall clock', () => {
    expect(decode('Nov 12 12:30:02 web kernel: [64377.426677] Mem-Info:')).toMatchObject({
      uptimeSeconds: 64377.426677,
      time: { hour: 12 },
      message: 'Mem-Info:',
    })
  })

  test("a program's own stamp ends with a colon, and nothing after it is a host", () => {
    expect(decode('Jun 12 06:38:31: mem avail:   607 of   950 MiB')).toMatchObject({
      host: null,
      program: null,
      message: 'mem avail:   607 of   950 MiB',
    })
  })
})

describe('dmesg', () => {
  test('a task row of a bare dump is not an uptime', () => {
    expect(decode('[ 1084]     0  1084      662 120 8 0 0 sshd').format).toBe('bare')
  })

  test.each([
    ['[dim. 19 avril 18:03:30 2026] x', 4, 19],
    ['[mar. 3 mars 18:03:30 2026] x', 3, 3],
    ['[Di Aug 12 03:54:03 2025] x', 8, 12],
    ['[五 5月 29 23:06:20 2026] x', 5, 29],
    ['[Fri Oct  2 14:14:07 2026] x', 10, 2],
    ['[пт ноя  7 14:14:07 2025] x', 11, 7],
  ])('%s is a date of any locale', (line, month, day) => {
    expect(decode(line)).toMatchObject({ format: 'dmesg-ctime', message: 'x', time: { month, day } })
  })

  test('the caller behind the stamp tells two tasks apart', () => {
    expect(decode('[ 3605.341706] [   T5739] x')).toMatchObject({ caller: 'T5739', message: 'x' })
    expect(decode('[ 3605.341706][    C1] x')).toMatchObject({ caller: 'C1', message: 'x' })
    expect(decode('<6>[302600.931727]  (4)[10628:Cam@Aux]x')).toMatchObject({ caller: 'T10628', message: 'x' })
  })

  test('/dev/kmsg counts microseconds', () => {
    expect(decode('6,1234,5678901,-;x')).toMatchObject({ uptimeSeconds: 5.678901, program: 'kernel', message: 'x' })
  })
})

describe('what one carrier puts into another', () => {
  test('Docker around a dmesg line', () => {
    expect(decode('{"log":"[ 12.345678] x\\n","stream":"stderr","time":"2024-03-13T11:16:48.1Z"}')).toMatchObject({
      format: 'docker-json',
      uptimeSeconds: 12.345678,
      message: 'x',
      time: { year: 2024 },
    })
  })

  test('a part of a CRI line says so', () => {
    expect(decode('2024-03-13T11:16:48.1Z stdout P half')).toMatchObject({ isPartial: true, message: 'half' })
  })

  test('a terminal logger around an uptime', () => {
    expect(decode('[2024-04-16 05:40:28]  [35312.235923] systemd-timesyn invoked oom-killer: x')).toMatchObject({
      time: { text: '2024-04-16 05:40:28' },
      uptimeSeconds: 35312.235923,
    })
  })

  test('a login prompt names the machine', () => {
    expect(decode('stp1-001 login: oom-killer: gfp_mask=0xd2')).toMatchObject({
      consoleHost: 'stp1-001',
      message: 'oom-killer: gfp_mask=0xd2',
    })
  })
})

test.each([
  '/var/log/kern.log.1:Nov  2 14:08:46 mail kernel: x',
  '/var/log/kern.log:12:Nov  2 14:08:46 mail kernel: x',
  '     7\tNov  2 14:08:46 mail kernel: x',
  '    Nov  2 14:08:46 mail kernel: x',
])('what grep, cat or Markdown put in front is no part of the line: %s', (line) => {
  expect(decode(line)).toMatchObject({ format: 'rfc3164', host: 'mail', program: 'kernel', message: 'x' })
})

test("a daemon's line in the kernel's log is the daemon's", () => {
  expect(decode('[   15.100000] systemd[1]: Started x')).toMatchObject({
    program: 'systemd',
    pid: 1,
    message: 'Started x',
  })
})

describe('the journal', () => {
  test('a message may be an array of bytes', () => {
    const line = '{"__REALTIME_TIMESTAMP":"1710328608123456","_TRANSPORT":"kernel","MESSAGE":[79,111,112,115]}'
    expect(decode(line)).toMatchObject({ format: 'journal-json', program: 'kernel', message: 'Oops' })
  })

  test('a program that calls itself kernel is not the kernel', () => {
    const line =
      '{"__REALTIME_TIMESTAMP":"1710328608123456","_TRANSPORT":"stdout","SYSLOG_IDENTIFIER":"kernel","_COMM":"cat","MESSAGE":"x"}'
    expect(decode(line).program).toBe('cat')
  })

  test('export: a binary field has a length, and may hold line ends', () => {
    const records = createRecordReader()
    const lines = [
      '__REALTIME_TIMESTAMP=1710328608123456',
      '_HOSTNAME=web01',
      'MESSAGE',
      '\x05\0\0\0\0\0\0\0a',
      'b,c',
      '',
    ]
    const results = lines.map((line, index) => records.read(line, index + 1))
    expect(results.at(-1)).toMatchObject({ from: 1, envelope: { host: 'web01', message: 'a\nb,c' } })
  })

  test('pretty JSON that is no journal entry is given back line by line', () => {
    const records = createRecordReader()
    expect(records.read('{', 7)).toBe('held')
    expect(records.read('  "kind": "Pod",', 8)).toEqual({ lines: ['{', '  "kind": "Pod",'], from: 7 })
  })
})
