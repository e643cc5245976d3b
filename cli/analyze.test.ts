import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const BIN = join(import.meta.dirname, '..', 'bin', 'oomscope.js')
const SEED = join(import.meta.dirname, '..', 'lib', 'oom', 'fixtures', 'kernel', 'seed-mail-2007.log')

interface Run {
  code: number
  out: string
  err: string
}

function oomscope(args: string[], input = ''): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [BIN, ...args], (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
    child.stdin?.end(input)
  })
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oomscope-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('oomscope analyze --json', () => {
  test('answers the founding incident in the public format', async () => {
    const { code, out } = await oomscope(['analyze', '--json', '--year', '2007', '--tz', 'UTC', SEED])
    expect(code).toBe(0)
    const analysis = JSON.parse(out)
    expect(analysis.format).toBe('oomscope.analysis/1')
    expect(analysis.files).toHaveLength(1)
    expect(analysis.files[0]).toMatchObject({
      name: SEED,
      kind: 'log',
      envelope: 'rfc3164',
      lines: 32,
      host: 'mail',
      kernel: null,
      reports: [
        {
          line: 1,
          endLine: 29,
          at: '2007-11-02T14:08:46Z',
          atText: 'Nov 2 14:08:46',
          invoker: { comm: null, pid: null },
          gfpMask: '0x1d2',
          order: null,
          constraint: 'none',
          memory: { swapFreeKib: 0, swapTotalKib: null, ramPages: 65536, freePages: 3186 },
          tasks: null,
          kills: [0],
        },
      ],
      kills: [
        {
          line: 29,
          at: '2007-11-02T14:11:02Z',
          atText: 'Nov 2 14:11:02',
          by: 'kernel',
          pid: 22073,
          comm: 'mysqld',
          uid: null,
          constraint: 'none',
          cgroup: null,
          gfpMask: '0x1d2',
          order: null,
          totalVmKib: null,
          anonRssKib: null,
          oomScoreAdj: null,
        },
        { pid: 23485, gfpMask: null },
        { pid: 23471, gfpMask: null },
        { pid: 23726, gfpMask: null, at: '2007-11-02T17:06:25Z' },
      ],
      samples: { count: 0, from: null, to: null, fields: [], first: null, last: null },
      processes: { count: 0, at: null, top: [] },
      incidents: [
        {
          kills: [0, 1, 2, 3],
          from: '2007-11-02T14:08:46Z',
          to: '2007-11-02T17:06:25Z',
          class: 'exhaustion',
          hog: null,
        },
      ],
    })
  })

  test('takes the year from a dated word of the text when nobody tells it', async () => {
    const path = join(folder, 'whole-text.log')
    await writeFile(
      path,
      'Nov 2 14:11:02 mail kernel: Out of Memory: Killed process 22073 (mysqld).\n/var/amavis/tmp/amavis-20071102T233954-03978\n',
    )
    const { out } = await oomscope(['analyze', '--json', path])
    expect(JSON.parse(out).files[0]).toMatchObject({
      kills: [{ at: '2007-11-02T14:11:02Z' }],
      assumed: [
        { what: 'year', value: '2007', why: 'amavis-20071102T233954 in line 2', isEvidenced: true },
        { what: 'zone' },
      ],
    })
  })

  test('reads standard input, and several files in one run', async () => {
    const { out } = await oomscope(['analyze', '--json', '-', SEED], 'Out of Memory: Killed process 5 (a).\n')
    expect(JSON.parse(out).files.map((file: { kills: unknown[] }) => file.kills.length)).toEqual([1, 4])
  })

  test('a file that cannot be read is said on standard error, and the others are still read', async () => {
    const { code, out, err } = await oomscope(['analyze', '--json', join(folder, 'missing.log'), SEED])
    expect(code).toBe(1)
    expect(err).toContain('there is no such file')
    expect(JSON.parse(out).files).toHaveLength(1)
  })
})

describe('oomscope analyze', () => {
  test('says what happened in words', async () => {
    const { code, out } = await oomscope(['analyze', SEED])
    expect(code).toBe(0)
    expect(out).toContain('mysqld and 3 more killed on mail')
    expect(out).toContain('Assumed year')
  })

  test('an empty file and a log without memory trouble are no failure', async () => {
    const empty = join(folder, 'empty.log')
    await writeFile(empty, '')
    expect((await oomscope(['analyze', empty])).code).toBe(0)
    const quiet = await oomscope(['analyze', '-'], 'Nov  2 14:08:46 mail CRON[9]: (root) CMD (true)\n')
    expect(quiet).toMatchObject({ code: 0, out: expect.stringContaining('No memory trouble found.') })
  })

  test('control characters of a log do not reach the terminal', async () => {
    const { out } = await oomscope(
      ['analyze', '-'],
      'Out of memory: Killed process 5 (\u009b31m\u202ex) total-vm:1kB, anon-rss:1kB, file-rss:0kB\n',
    )
    expect(out).not.toMatch(/[\u0080-\u009f\u202e]/)
    expect(out).toContain('killed')
  })

  test.each([
    [[]],
    [['analyze']],
    [['analyze', '--tz', 'Mars/Base', SEED]],
    [['analyze', '--year', 'x', SEED]],
    [['analyze', '--nope', SEED]],
    [['nonsense']],
  ])('a wrong call %j ends with 2 and shows the usage', async (args) => {
    const { code, out, err } = await oomscope(args)
    expect(code).toBe(2)
    expect(out + err).toContain('oomscope analyze FILE…')
  })
})
