import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FileAnalysis } from '@/lib/analysis/analysis'
import { createLogReader } from '@/lib/analysis/reader'
import { createDecoder } from '@/lib/logs/registry'

const ROOT = join(import.meta.dirname, '..', 'oom', 'fixtures')
const LOGS = readdirSync(ROOT).flatMap((source) =>
  readdirSync(join(ROOT, source))
    .filter((file) => file.endsWith('.log'))
    .map((file) => ({ name: `${source}/${file}`, text: readFileSync(join(ROOT, source, file), 'utf8') })),
)

function read(text: string | Uint8Array, chunkBytes = 1 << 20): FileAnalysis {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const reader = createLogReader({
    name: 'law',
    host: null,
    zone: null,
    year: null,
    modifiedAt: null,
    receivedAt: Date.UTC(2026, 10, 24),
  })
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes))
  return reader.end()
}

/** Facts that no envelope changes. */
function factsOf(analysis: FileAnalysis): unknown {
  return {
    kills: analysis.kills.map(
      ({ by, pid, comm, uid, constraint, cgroup, invoker, gfpMask, order, anonRssKib, oomScoreAdj }) => [
        by,
        pid,
        comm,
        uid,
        constraint,
        cgroup,
        invoker.comm,
        invoker.pid,
        gfpMask,
        order,
        anonRssKib,
        oomScoreAdj,
      ],
    ),
    reports: analysis.reports.map((report) => [
      report.trigger,
      report.constraint,
      report.tasks?.length ?? null,
      report.memory?.freePages ?? null,
      report.memory?.zones.length ?? null,
      report.memcg?.limitPath ?? null,
    ]),
  }
}

describe.each(LOGS)('$name', ({ name, text }) => {
  test.each([1, 7, 100])('gives the same in chunks of %i bytes', (chunkBytes) => {
    expect(read(text, chunkBytes)).toEqual(read(text))
  })

  test('gives the same with CRLF and with CR alone', () => {
    const plain = read(text)
    expect(read(text.replaceAll('\n', '\r\n'))).toEqual(plain)
    expect(read(text.replaceAll('\n', '\r'))).toEqual(plain)
  })

  test('cut at any line, it keeps the kills before the cut and finds no others', () => {
    const whole = read(text)
    const lines = text.split('\n')
    for (let count = 1; count < lines.length; count += 1) {
      const cut = read(lines.slice(0, count).join('\n'))
      const before = whole.kills.filter((kill) => kill.lines.to < count).map((kill) => `${kill.pid} ${kill.cgroup}`)
      const found = cut.kills.map((kill) => `${kill.pid} ${kill.cgroup}`)
      expect(found).toEqual(expect.arrayContaining(before))
      // Before the line that takes it back, the kernel's choice of a victim is a kill.
      if (!name.includes('already-exiting')) expect(cut.kills.length).toBeLessThanOrEqual(whole.kills.length)
    }
  })

  test('accounts for every line once', () => {
    const { account } = read(text)
    expect(account.recognised + account.context + account.ignored + account.suspicious).toBe(account.lines)
    expect(account.ignored).toBeGreaterThanOrEqual(0)
  })

  test('inside a large log, where most lines are passed over, it tells the same', () => {
    const filler = 'Nov  2 03:04:05 other kernel: eth0: link is up at 1000 Mbps\n'.repeat(3000)
    const inside = read(`${filler}${text.endsWith('\n') ? text : `${text}\n`}${filler}`)
    const alone = read(text)
    expect(inside.kills.map((kill) => [kill.by, kill.pid, kill.comm, kill.cgroup])).toEqual(
      alone.kills.map((kill) => [kill.by, kill.pid, kill.comm, kill.cgroup]),
    )
    expect(inside.events.map((event) => event.kind)).toEqual(alone.events.map((event) => event.kind))
    expect(inside.reports.map((report) => report.tasks?.length)).toEqual(
      alone.reports.map((report) => report.tasks?.length),
    )
  })
})

describe('the same kernel messages in any envelope', () => {
  const KERNEL = LOGS.filter(({ name }) => /^kernel\/(?:2618|2624|2632|rhel|memcg|61|68|manual|panic|alloc)/.test(name))
  const wrap: Record<string, (message: string, index: number) => string> = {
    rfc3164: (message) => `Nov  2 14:08:46 mail kernel: ${message}`,
    'rfc3164 with priority and uptime': (message, index) =>
      `<4>Nov 22 14:08:46 mail kernel: [${uptime(index)}] ${message}`,
    rfc5424: (message) => `<4>1 2024-03-13T11:16:48.123456+00:00 web01 kernel - - - ${message}`,
    iso8601: (message) => `2026-02-08T00:40:07.136582+00:00 web01 kernel: ${message}`,
    dmesg: (message, index) => `[${uptime(index)}] ${message}`,
    'dmesg -x': (message, index) => `kern  :err   : [${uptime(index)}] ${message}`,
    'dmesg -r with caller': (message, index) => `<4>[${uptime(index)}] [   T5739] ${message}`,
    'dmesg -T': (message) => `[Fri Oct  2 14:14:07 2026] ${message}`,
    'dmesg -T in German': (message) => `[Di Aug 12 03:54:03 2025] ${message}`,
    'dmesg -T in Chinese': (message) => `[五 5月 29 23:06:20 2026] ${message}`,
    'dmesg --time-format iso': (message) => `2024-03-13T11:16:48,123456+01:00 ${message}`,
    kmsg: (message, index) => `6,${index},${5_678_901 + index},-;${message}`,
    'journalctl -o short-precise': (message) => `Mar 13 11:16:48.123456 web01 kernel: ${message}`,
    'journalctl -o short-full': (message) => `Wed 2024-03-13 11:16:48 UTC web01 kernel: ${message}`,
    'journalctl -o short-monotonic': (message, index) => `[${uptime(index)}] web01 kernel: ${message}`,
    'journalctl -o json': (message, index) => JSON.stringify(journalFields(message, index)),
    'journalctl -o json-pretty': (message, index) => JSON.stringify(journalFields(message, index), null, '\t'),
    'journalctl -o export': (message, index) =>
      `${Object.entries(journalFields(message, index))
        .map(([name, value]) => `${name}=${value}`)
        .join('\n')}\n`,
    'docker json-file': (message) =>
      JSON.stringify({ log: `${message}\n`, stream: 'stderr', time: '2024-03-13T11:16:48.1Z' }),
    cri: (message) => `2024-03-13T11:16:48.123456789Z stderr F ${message}`,
    'terminal clock': (message, index) => `[2024-04-16 05:40:28]  [${uptime(index)}] ${message}`,
    'mail quoting': (message, index) => `> > [${uptime(index)}] ${message}`,
    'ANSI colours': (message, index) => `\x1b[32m[${uptime(index)}] \x1b[0m\x1b[33m${message}\x1b[0m`,
    'HTML entities': (message, index) =>
      `[${uptime(index)}] ${message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}<br>`,
    bare: (message) => message,
  }

  test.each(Object.entries(wrap))('%s', (_, envelope) => {
    for (const { text } of KERNEL) {
      const decode = createDecoder()
      const messages = text
        .trimEnd()
        .split('\n')
        .map((line) => decode(line))
        .filter((line) => line.program === 'kernel' || line.program === null)
        .map((line) => line.message)
      expect(factsOf(read(messages.map(envelope).join('\n')))).toEqual(factsOf(read(messages.join('\n'))))
    }
  })

  function uptime(index: number): string {
    return (1000 + index / 1e6).toFixed(6).padStart(12)
  }

  function journalFields(message: string, index: number): Record<string, string> {
    return {
      __CURSOR: `s=${index}`,
      __REALTIME_TIMESTAMP: String(1_710_328_608_123_456 + index),
      _BOOT_ID: 'f00d',
      _TRANSPORT: 'kernel',
      SYSLOG_IDENTIFIER: 'kernel',
      _HOSTNAME: 'web01',
      MESSAGE: message,
    }
  }
})

test('two hosts mixed line by line give what each gives alone', () => {
  const one =
    LOGS.find(({ name }) => name === 'kernel/2618-invoked-oomkilladj.log')
      ?.text.trimEnd()
      .split('\n') ?? []
  const two =
    LOGS.find(({ name }) => name === 'kernel/rhel7-sacrifice.log')
      ?.text.trimEnd()
      .split('\n') ?? []
  const mixed = one.flatMap((line, index) => [line, ...(two[index] === undefined ? [] : [two[index]])])
  const rest = two.slice(one.length)
  const found = read([...mixed, ...rest].join('\n'))
  const apart = [read(one.join('\n')), read(two.join('\n'))]
  expect(found.kills.map((kill) => [kill.host, kill.pid, kill.gfpMask]).sort()).toEqual(
    apart.flatMap((alone) => alone.kills.map((kill) => [kill.host, kill.pid, kill.gfpMask])).sort(),
  )
})

describe('hostile text', () => {
  const LONG = 64 * 1024
  test.each([
    ['opening parentheses', '('.repeat(LONG)],
    ['spaces', ' '.repeat(LONG)],
    ['digits', '1'.repeat(LONG)],
    ['brackets', '['.repeat(LONG)],
    ['a name that never ends', `Out of memory: Killed process 1 (${'a) '.repeat(LONG / 3)}`],
    ['pairs of a zone line', `DMA free:1kB ${'a:1kB '.repeat(LONG / 6)}`],
    ['blocks of a buddy list', `DMA: ${'1*4kB '.repeat(LONG / 6)}`],
    ['an unfinished header', `[ pid ] ${'uid '.repeat(LONG / 4)}`],
    ['quoting', '> '.repeat(LONG / 2)],
    ['open JSON', '{"log":'.repeat(LONG / 7)],
    ['a memory word in noise', `${'x '.repeat(LONG / 4)}out of memory${' y'.repeat(LONG / 4)}`],
  ])('%s, twenty lines of 64 KiB, is read in linear time', (_, line) => {
    // Twice the text may take twice as long; quadratic work would not end within the test's own limit.
    const analysis = read(`${line}\n`.repeat(20))
    expect(analysis.account.lines).toBe(20)
  })

  test('a line of 100 MB without an end is cut, and the next line is read', () => {
    const reader = createLogReader({
      name: 'long',
      host: null,
      zone: null,
      year: null,
      modifiedAt: null,
      receivedAt: null,
    })
    const part = new TextEncoder().encode('x'.repeat(1 << 20))
    for (let count = 0; count < 100; count += 1) reader.push(part)
    reader.push(new TextEncoder().encode('\nOut of Memory: Killed process 5 (a).\n'))
    const analysis = reader.end()
    expect(analysis.account.lines).toBe(2)
    expect(analysis.kills).toMatchObject([{ pid: 5, comm: 'a' }])
  })
})

describe('mutated logs', () => {
  const SHARDS = 20
  const PER_SHARD = 1_000
  /** Small inputs, so that 20,000 of them end within a minute; a mutation matters where it is, not what is far from it. */
  const SMALL = LOGS.filter(({ text }) => text.length < 6_000)
  const CORPUS = corpusLogs()

  test.each(Array.from({ length: SHARDS }, (_, shard) => shard))(
    'shard %i: never throw, never differ between two runs, account for every line',
    (shard) => {
      const random = mulberry(4242 + shard)
      const logs = shard % 4 === 0 && CORPUS.length > 0 ? CORPUS : SMALL
      for (let round = 0; round < PER_SHARD; round += 1) {
        const { text } = logs[Math.floor(random() * logs.length)] ?? { text: '' }
        const bytes = mutate(new TextEncoder().encode(text.slice(0, 20_000)), random)
        const first = read(bytes)
        const second = read(bytes, 977)
        // Comparing strings is many times faster than comparing trees.
        if (JSON.stringify(first) !== JSON.stringify(second)) expect(second).toEqual(first)
        const { recognised, context, ignored, suspicious, lines } = first.account
        if (recognised + context + ignored + suspicious !== lines || ignored < 0) expect(first.account).toBe('whole')
      }
    },
    120_000,
  )
})

/** The folder of real logs kept outside the project, when there is one. */
function corpusLogs(): { text: string }[] {
  const root = process.env.OOMSCOPE_CORPUS
  if (!root) return []
  return ['oom', 'oom-reference-only'].flatMap((folder) => {
    const path = join(root, folder)
    if (!existsSync(path)) return []
    const logs = readdirSync(path).filter((file) => file.endsWith('.log'))
    return logs.map((file) => ({ text: readFileSync(join(path, file), 'latin1') }))
  })
}

/** A small seeded generator, so that a failure can be repeated. */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  const changed = [...bytes]
  const times = 1 + Math.floor(random() * 8)
  for (let count = 0; count < times; count += 1) {
    const at = Math.floor(random() * changed.length)
    const what = Math.floor(random() * 5)
    if (what === 0) changed[at] = Math.floor(random() * 256)
    else if (what === 1) changed.splice(at, Math.floor(random() * 60))
    else if (what === 2) changed.splice(at, 0, ...changed.slice(at, at + Math.floor(random() * 200)))
    else if (what === 3) changed.splice(at, 0, 10)
    else changed.splice(at, 0, ...new TextEncoder().encode('99999999999999999999'))
  }
  return Uint8Array.from(changed)
}
