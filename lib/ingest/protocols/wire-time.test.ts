import { expect, test } from 'vitest'
import { readWireTime } from '@/lib/ingest/protocols/wire-time'

const context = { receivedAt: Date.parse('2026-11-24T13:00:00Z'), zone: null }
const NS = 1_795_488_349_399_005_000n

test.each([
  ['microseconds, as the journal writes them', '1795488349399005', NS],
  ['nanoseconds as text keep every digit', '1795488349399005123', NS + 123n],
  ['seconds with a fraction', '1795488349.399005', NS],
  ['seconds as a number', 1795488349.399005, NS],
  ['milliseconds', 1795488349399, NS - 5_000n],
  ['ISO 8601 with an offset', '2026-11-24T03:45:49.399005+01:00', NS],
  ['ISO 8601 with a comma', '2026-11-24 02:45:49,399005 +0000', NS],
  ['nine digits of a second', '2026-11-24T02:45:49.399005123Z', NS + 123n],
  ['ISO 8601 without a zone', '2026-11-24T02:45:49.399005', NS],
])('%s', (_, value, expected) => {
  expect(readWireTime(value, context)).toBe(expected)
})

test('a syslog date without a year lies before its arrival', () => {
  const december = { receivedAt: Date.parse('2027-01-01T00:00:10Z'), zone: null }
  expect(readWireTime('Dec 31 23:59:58', december)).toBe(BigInt(Date.parse('2026-12-31T23:59:58Z')) * 1_000_000n)
  expect(readWireTime('Nov 24 02:43:42', context)).toBe(BigInt(Date.parse('2026-11-24T02:43:42Z')) * 1_000_000n)
})

test('a zone that the request names is used where the time has none', () => {
  const shanghai = { ...context, zone: 'Asia/Shanghai' }
  expect(readWireTime('Nov 24 10:43:42', shanghai)).toBe(BigInt(Date.parse('2026-11-24T02:43:42Z')) * 1_000_000n)
  expect(readWireTime('Nov 24 02:43:42', { ...context, zone: 'no/where' })).not.toBeNull()
})

test.each([
  0,
  -1,
  'yesterday',
  '',
  null,
  undefined,
  '99999999999999999999',
  '2026-13-41T99:00:00Z',
  '1995-01-01T00:00:00Z',
  {},
])('%s is no time', (value) => {
  expect(readWireTime(value, context)).toBeNull()
})
