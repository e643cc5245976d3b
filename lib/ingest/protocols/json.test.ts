import { expect, test } from 'vitest'
import { parseJson, parseJsonSequence } from '@/lib/ingest/protocols/json'

test.each([
  ['an array', '[{"a":1},{"a":2}]'],
  ['lines', '{"a":1}\n{"a":2}\n'],
  ['lines with blank ones between', '{"a":1}\r\n\r\n{"a":2}\r\n'],
  ['objects one after the other', '{"a":1}{"a":2}'],
  ['objects over several lines', '{\n "a": 1\n}\n{\n "a": 2\n}'],
])('%s give the same values', (_, text) => {
  expect(parseJsonSequence(text)).toEqual([{ a: 1 }, { a: 2 }])
})

test('nothing is no values', () => {
  expect(parseJsonSequence(' \n')).toEqual([])
  expect(parseJsonSequence('[\n\n]\n')).toEqual([])
})

test('brackets inside strings are text', () => {
  expect(parseJsonSequence('{"m":"} { \\" ["}{"m":"b"}')).toEqual([{ m: '} { " [' }, { m: 'b' }])
})

test('text that nests 10,000 deep is refused', () => {
  expect(() => parseJson('['.repeat(10_000) + ']'.repeat(10_000))).toThrow(/deeper than 20/)
})

test('a key that would change every object is refused', () => {
  expect(() => parseJson('{"a":{"__proto__":{"isAdmin":true}}}')).toThrow(/__proto__/)
})

test('what follows a value is not dropped silently', () => {
  expect(() => parseJsonSequence('{"a":1}]')).toThrow(/bracket/)
  expect(() => parseJsonSequence('{"a":1} {"b":')).toThrow(/Value 2/)
})
