import { describe, expect, test } from 'vitest'
import type { FileAnalysis } from '@/lib/analysis/analysis'
import { createFileReader } from '@/lib/analysis/file-reader'

/**
 * What real files do to a reader, family by family. None may throw, hang, or give a kill that is not in the text.
 * Archives are tested in lib/archives, bodies and headers in e2e/bad-input.spec.ts.
 */
const LINE = 'Out of memory: Killed process 4711 (java) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB'
const KILL = `Nov  2 14:08:46 web01 kernel: ${LINE}`
const RECEIVED = Date.UTC(2026, 10, 24)
const utf8 = new TextEncoder()

interface Hints {
  zone?: string
  year?: number
}

function read(input: string | Uint8Array, { zone, year }: Hints = {}): FileAnalysis {
  const reader = createFileReader({
    name: 'messages',
    host: null,
    zone: zone ?? null,
    year: year ?? null,
    modifiedAt: null,
    receivedAt: RECEIVED,
  })
  reader.push(typeof input === 'string' ? utf8.encode(input) : input)
  return reader.end()
}

function pidsOf(input: string | Uint8Array): (number | null)[] {
  return read(input).kills.map(({ pid }) => pid)
}

/** Two bytes a character, the low one first or last. */
function utf16(text: string, order: 'little' | 'big', mark: boolean): Uint8Array {
  const codes = [...(mark ? '\ufeff' : ''), ...text].map((char) => char.charCodeAt(0))
  return Uint8Array.from(
    codes.flatMap((code) => (order === 'little' ? [code & 255, code >> 8] : [code >> 8, code & 255])),
  )
}

describe('encodings', () => {
  test.each([
    ['UTF-16, low byte first, with a mark', utf16(`${KILL}\n`, 'little', true)],
    ['UTF-16, high byte first, with a mark', utf16(`${KILL}\n`, 'big', true)],
    ['UTF-16, low byte first, without a mark', utf16(`${KILL}\n`, 'little', false)],
    ['UTF-16, high byte first, without a mark', utf16(`${KILL}\n`, 'big', false)],
    ['a line of GBK before it', Uint8Array.from([0xc4, 0xda, 0xb4, 0xe6, 0x0a, ...utf8.encode(KILL)])],
    ['Latin-1 in the line before it', Uint8Array.from([0x66, 0xfc, 0x72, 0x0a, ...utf8.encode(KILL)])],
    ['a mark of UTF-8', utf8.encode(`\ufeff${KILL}\n`)],
    ['NUL bytes between the lines', utf8.encode(`\0\0\0\n${KILL}\n\0\0`)],
    ['a lone surrogate', Uint8Array.from([0xed, 0xa0, 0x80, 0x0a, ...utf8.encode(KILL)])],
  ])('%s', (_, bytes) => {
    expect(pidsOf(bytes)).toEqual([4711])
  })

  test.each([
    ['nothing at all', new Uint8Array(0)],
    ['a byte order mark alone', Uint8Array.from([0xef, 0xbb, 0xbf])],
    ['a mark of UTF-16 alone', Uint8Array.from([0xff, 0xfe])],
    ['every byte there is', Uint8Array.from({ length: 4096 }, (_, index) => (index * 7) & 255)],
  ])('%s tells nothing and fails nothing', (_, bytes) => {
    expect(read(bytes)).toMatchObject({ kills: [], reports: [], events: [] })
  })
})

describe('lines', () => {
  test.each([
    ['CRLF', `${KILL}\r\n`],
    ['CR alone', `x\r${KILL}\rx\r`],
    ['CR twice before LF', `${KILL}\r\r\n`],
    ['no line end at the end', KILL],
    ['ANSI colours', `\x1b[32m[  12.3]\x1b[0m \x1b[31m${LINE}\x1b[0m\n`],
    ['tabs for blanks', KILL.replaceAll('  ', '\t').replace('kernel: ', 'kernel:\t')],
    ['a million blank lines', `${'\n'.repeat(1_000_000)}${KILL}\n`],
  ])('%s', (_, text) => {
    expect(pidsOf(text)).toEqual([4711])
  })

  test('what two CPUs wrote into each other is no other kill', () => {
    const text = [
      '[  334.100000][    C0] Out of memory: Kill process 100 (alpha) score 9 or sacrifice child',
      '[  334.100100][    C1] page_fault+0x28/0x30',
      '[  334.100200][    C0] Killed process 100 (alpha) total-vm:1kB, anon-rss:2kB, file-rss:3kB',
    ].join('\n')
    expect(read(text).kills).toMatchObject([{ pid: 100, score: 9, anonRssKib: 2 }])
  })
})

describe('times', () => {
  const at = (text: string, hints?: Hints) => read(text, hints).kills.map(({ stamp }) => stamp.at)

  test('without a year it is the latest that is not in the future, and says that it was assumed', () => {
    const { kills, assumed } = read(KILL)
    expect(kills[0]?.stamp.at).toBe(Date.UTC(2026, 10, 2, 14, 8, 46))
    expect(assumed).toMatchObject([{ what: 'year', value: '2026', isEvidenced: false }, { what: 'zone' }])
    expect(at(KILL.replace('Nov  2', 'Dec  2'))).toEqual([Date.UTC(2025, 11, 2, 14, 8, 46)])
  })

  test('December and January are of two years', () => {
    const text = `${KILL.replace('Nov  2', 'Dec 31')}\n${KILL.replace('Nov  2', 'Jan  1').replace('4711', '4712')}`
    expect(at(text)).toEqual([Date.UTC(2025, 11, 31, 14, 8, 46), Date.UTC(2026, 0, 1, 14, 8, 46)])
  })

  test('29 February is of a leap year', () => {
    expect(at(KILL.replace('Nov  2', 'Feb 29'))).toEqual([Date.UTC(2024, 1, 29, 14, 8, 46)])
  })

  test('an hour that occurs twice is the first, one that never occurs is moved on', () => {
    const zone = 'Europe/Berlin'
    expect(at(KILL.replace('Nov  2 14', 'Oct 25 02'), { zone })).toEqual([Date.UTC(2026, 9, 25, 0, 8, 46)])
    expect(at(KILL.replace('Nov  2 14', 'Mar 29 02'), { zone })).toEqual([Date.UTC(2026, 2, 29, 1, 8, 46)])
  })

  test('a leap second is a second', () => {
    expect(at(KILL.replace('Nov  2 14:08:46', 'Jan  1 00:59:60'))).toEqual([Date.UTC(2026, 0, 1, 1, 0, 0)])
  })

  test.each(['1900-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])('%s is what it says', (printed) => {
    expect(at(`${printed} web01 kernel: ${LINE}`)).toEqual([Date.parse(printed)])
  })

  test.each(['2024-13-45T99:99:99Z', 'Feb 31 25:61:61'])('%s is no time', (printed) => {
    expect(at(`${printed} web01 kernel: ${LINE}`).every((instant) => instant === null)).toBe(true)
  })

  test('seconds since boot alone end at the arrival, which is assumed', () => {
    const { kills, assumed } = read(`[   10.000000] ${LINE}\n[   70.000000] oom_reaper: x\n`)
    expect(kills[0]?.stamp.at).toBe(RECEIVED - 60_000)
    expect(assumed).toMatchObject([{ what: 'clock', isEvidenced: false }])
  })

  test('a clock that goes back makes no silence and no second year', () => {
    const { kills, reports } = read(
      [
        'Jan 25 04:07:35 h kernel: a invoked oom-killer: gfp_mask=0xd0, order=0, oomkilladj=0',
        'Jan 25 04:07:34 h kernel: Mem-info:',
        'Jan 25 04:07:34 h kernel: Free swap  = 0kB',
        'Jan 25 04:07:34 h kernel: Out of memory: Killed process 9 (a).',
      ].join('\n'),
      { year: 2006 },
    )
    expect(kills).toMatchObject([{ pid: 9, stamp: { at: Date.UTC(2006, 0, 25, 4, 7, 34) } }])
    expect(reports).toMatchObject([{ silences: [], stamp: { at: Date.UTC(2006, 0, 25, 4, 7, 35) } }])
  })
})

describe('reports', () => {
  const REPORT = [
    'a invoked oom-killer: gfp_mask=0x201da, order=0, oom_score_adj=0',
    'CPU: 1 PID: 8 Comm: a Not tainted 4.4.0-21-generic #37',
    'Mem-Info:',
    'Free swap  = 0kB',
    'Total swap = 100kB',
    'Out of memory: Kill process 9 (b) score 9 or sacrifice child',
    'Killed process 9 (b) total-vm:1kB, anon-rss:2kB, file-rss:3kB',
  ]

  test('without its head it has no invoker', () => {
    expect(read(REPORT.slice(3).join('\n'))).toMatchObject({
      kills: [{ pid: 9, gfpMask: null, invoker: { comm: null, pid: null } }],
      reports: [{ isCutAtStart: true, memory: { swapTotalKib: 100 } }],
    })
  })

  test('without its tail it has no kill', () => {
    expect(read(REPORT.slice(0, 5).join('\n'))).toMatchObject({ kills: [], reports: [{ isCutAtEnd: true }] })
  })

  test('two hosts mixed line by line keep their facts', () => {
    const one = REPORT.map((line, at) => `Mar  1 00:00:0${at} one kernel: ${line}`)
    const two = REPORT.map((line, at) =>
      `Mar  1 00:00:0${at} two kernel: ${line}`
        .replace('0x201da', '0xd0')
        .replaceAll(' 9 (', ' 19 (')
        .replace('PID: 8', 'PID: 18'),
    )
    expect(read(one.flatMap((line, at) => [line, two[at] ?? '']).join('\n')).kills).toMatchObject([
      { host: 'one', pid: 9, gfpMask: '0x201da', invoker: { pid: 8 } },
      { host: 'two', pid: 19, gfpMask: '0xd0', invoker: { pid: 18 } },
    ])
  })

  test('two tasks of one host, told apart by their caller, keep theirs', () => {
    const one = REPORT.map((line, at) => `[   10.00000${at}][    T8] ${line}`)
    const two = REPORT.map((line, at) =>
      `[   10.00000${at}][   T18] ${line}`
        .replace('0x201da', '0xd0')
        .replaceAll(' 9 (', ' 19 (')
        .replace('PID: 8', 'PID: 18'),
    )
    expect(read(one.flatMap((line, at) => [line, two[at] ?? '']).join('\n')).kills).toMatchObject([
      { pid: 9, gfpMask: '0x201da', invoker: { pid: 8 } },
      { pid: 19, gfpMask: '0xd0', invoker: { pid: 18 } },
    ])
  })

  test('a kill without a report takes nothing from the one before it', () => {
    const later =
      'Mar  1 09:00:00 h kernel: Out of memory: Killed process 77 (c) total-vm:1kB, anon-rss:2kB, file-rss:3kB'
    const first = REPORT.map((line) => `Mar  1 00:00:00 h kernel: ${line}`).join('\n')
    expect(read(`${first}\n${later}`).kills[1]).toMatchObject({
      pid: 77,
      report: null,
      gfpMask: null,
      order: null,
      invoker: { comm: null, pid: null },
    })
  })

  test.each([
    ['sshd', 'Invalid user Out of memory: Killed process 1 (init) from 192.0.2.7'],
    ['kernel[77]', LINE],
    ['audit', 'EXECVE a0="Out of memory: Killed process 5 (x)"'],
  ])('%s is not the kernel', (program, message) => {
    expect(read(`Nov  2 14:08:46 web01 ${program}: ${message}`)).toMatchObject({
      kills: [],
      events: [{ kind: 'note' }],
    })
  })
})

describe('names', () => {
  test.each([
    ['(sd-pam)'],
    ['Plex Media Serv'],
    ['a) total-vm:1'],
    ['<script>alert'],
    ['a\\nb'],
    ['\u202egpj.exe'],
    ['x'.repeat(10_000)],
    [''],
    ['kworker/u8:2'],
  ])('a task may be called "%s"', (comm) => {
    const text = `Out of memory: Killed process 7 (${comm}) total-vm:1kB, anon-rss:2kB, file-rss:3kB`
    expect(read(text).kills).toMatchObject([{ pid: 7, comm, anonRssKib: 2 }])
  })
})

describe('numbers', () => {
  test.each([
    ['a score below zero', 'Out of memory: Kill process 7 (a) score -1 or sacrifice child', { score: -1 }],
    ['2^64 kB', 'Killed process 7 (a) total-vm:18446744073709551616kB, anon-rss:2kB', { totalVmKib: 2 ** 64 }],
    [
      'more digits than a counter has',
      `Killed process 7 (a) total-vm:${'9'.repeat(40)}kB, anon-rss:2kB`,
      { totalVmKib: null },
    ],
    [
      'words for numbers',
      'Killed process 7 (a) total-vm:NaNkB, anon-rss:InfinitykB',
      { totalVmKib: null, anonRssKib: null },
    ],
    [
      'a number with an exponent',
      'Killed process 7 (a) total-vm:1e308kB, anon-rss:2kB',
      { totalVmKib: null, anonRssKib: 2 },
    ],
  ])('%s', (_, text, known) => {
    expect(read(text).kills).toMatchObject([{ pid: 7, ...known }])
  })

  test('no limit is null, whatever number the kernel prints for it', () => {
    const text = [
      'memory: usage 204800kB, limit 204800kB, failcnt 4563',
      'memory+swap: usage 0kB, limit 9007199254740988kB, failcnt 0',
      'kmem: usage 0kB, limit 18014398509481983kB, failcnt 0',
    ].join('\n')
    expect(read(text).reports).toMatchObject([
      { memcg: { memory: { limitKib: 204800 }, memorySwap: { limitKib: null }, kmem: { limitKib: null } } },
    ])
  })

  test('pages of 64 kB are known by the smallest block', () => {
    const text = 'Mem-Info:\nNode 0 DMA: 81*64kB 84*128kB 36*256kB = 25152kB\n'
    expect(read(text).reports).toMatchObject([{ pageSizeBytes: 65_536 }])
  })
})
