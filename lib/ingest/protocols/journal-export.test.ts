import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JournalExportReader } from '@/lib/ingest/protocols/journal-export'

const WANTED = new Set(['MESSAGE', '_HOSTNAME'])

function binary(name: string, value: Buffer): Buffer {
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(value.length))
  return Buffer.concat([Buffer.from(`${name}\n`), size, value, Buffer.from('\n')])
}

const BODY = Buffer.concat([
  Buffer.from('__CURSOR=s=1;i=1\n_HOSTNAME=db-1\nMESSAGE=a=b\n\n'),
  Buffer.from('_HOSTNAME=db-1\n'),
  binary('MESSAGE', Buffer.from('two\nlines')),
  Buffer.from('\n'),
  binary('COREDUMP', Buffer.alloc(300_000, 0x0a)),
  Buffer.from('MESSAGE=after a core dump\n\n'),
])

const ENTRIES = [
  { _HOSTNAME: 'db-1', MESSAGE: 'a=b' },
  { _HOSTNAME: 'db-1', MESSAGE: 'two\nlines' },
  { MESSAGE: 'after a core dump' },
]

function read(chunks: Buffer[]): Record<string, string>[] {
  const reader = new JournalExportReader(WANTED)
  const entries = chunks.flatMap((chunk) => reader.push(chunk))
  const last = reader.end()
  if (last) entries.push(last)
  expect(reader.unreadable).toBe(0)
  return entries.map((entry) => Object.fromEntries([...entry].filter(([name]) => name !== '')))
}

test('reads text, binary and very long values', () => {
  expect(read([BODY])).toEqual(ENTRIES)
})

test('any chunking gives the same entries', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(BODY.length), { maxLength: 12 }), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), BODY.length]
      expect(read(edges.slice(1).map((end, index) => BODY.subarray(edges[index], end)))).toEqual(ENTRIES)
    }),
    { seed: 7, numRuns: 50 },
  )
  const start = BODY.subarray(0, 200)
  expect(read([...start].map((byte) => Buffer.of(byte)).concat(BODY.subarray(200)))).toEqual(ENTRIES)
})

test('an entry that was cut is not an entry', () => {
  expect(read([BODY.subarray(0, BODY.length - 12)])).toEqual(ENTRIES.slice(0, 2))
})

test('a length that lies holds nothing and the rest is counted as unreadable', () => {
  const reader = new JournalExportReader(WANTED)
  expect(reader.push(Buffer.concat([Buffer.from('MESSAGE\n'), Buffer.alloc(8, 0xff), Buffer.from('x\n')]))).toEqual([])
  expect(reader.unreadable).toBeGreaterThan(0)
})

test('a line without end is passed over without being held', () => {
  const reader = new JournalExportReader(WANTED)
  for (let index = 0; index < 64; index += 1) expect(reader.push(Buffer.alloc(64 * 1024, 0x78))).toEqual([])
  expect(reader.push(Buffer.from('\nMESSAGE=next\n\n'))).toHaveLength(1)
})
