import { expect, test } from 'vitest'
import { AppError } from '@/lib/errors'
import { parseSamples } from '@/lib/metrics/wire'

const NOW = Date.UTC(2026, 10, 24, 3)
const GIB = 1024 ** 3

test('a JSON body keeps its rows in order, each with the host that names it nearest', () => {
  const body = {
    host: 'web-07',
    samples: [
      { at: '2026-11-24T02:41:46Z', memTotal: 4 * GIB, memFree: GIB },
      { at: Date.UTC(2026, 10, 24, 2, 42), host: 'web-08', load1: 0.5 },
    ],
  }
  expect(parseSamples(JSON.stringify(body), NOW)).toEqual({
    accepted: [
      { host: 'web-07', sample: { at: 1795488106000, memTotal: 4294967296, memFree: 1073741824 } },
      { host: 'web-08', sample: { at: 1795488120000, load1: 0.5 } },
    ],
    refused: [],
  })
})

test('an impossible row is refused with a pointer to its field and the others are kept', () => {
  const body = {
    samples: [
      { at: '2026-11-24T02:41:46Z', memFree: 1 },
      { at: '2026-11-24T02:41:56Z', memTotal: 16707991552, memAvailable: 16707991553 },
    ],
  }
  const { accepted, refused } = parseSamples(JSON.stringify(body), NOW)
  expect(accepted).toHaveLength(1)
  expect(refused).toEqual([
    { pointer: '#/samples/1/memAvailable', detail: '16,707,991,553 is larger than memTotal (16,707,991,552).' },
  ])
})

test.each([
  ['1900-01-01T00:00:00Z', 'More than 20 years ago.'],
  ['9999-12-31T23:59:59Z', 'More than 24 hours ahead of the clock here.'],
  ['2026-11-25T03:00:01Z', 'More than 24 hours ahead of the clock here.'],
  [1795488106, 'More than 20 years ago; numbers are milliseconds since 1970, not seconds.'],
])('a row at %s is refused', (at, detail) => {
  expect(parseSamples(JSON.stringify({ samples: [{ at, memFree: 1 }] }), NOW).refused).toEqual([
    { pointer: '#/samples/0/at', detail },
  ])
})

test('a time without a zone is no instant', () => {
  const { refused } = parseSamples('{"samples":[{"at":"2026-11-24T02:41:46","memFree":1}]}', NOW)
  expect(refused[0]?.pointer).toBe('#/samples/0/at')
})

test('2^64, what is below zero and text are refused as values', () => {
  const at = '2026-11-24T02:41:46Z'
  const rows = [
    { at, memFree: 2 ** 64 },
    { at, swapFree: -1 },
    { at, load1: 'NaN' },
    { at, psiMemSomeAvg10: 101 },
  ]
  expect(parseSamples(JSON.stringify({ samples: rows }), NOW).refused.map(({ pointer }) => pointer)).toEqual([
    '#/samples/0/memFree',
    '#/samples/1/swapFree',
    '#/samples/2/load1',
    '#/samples/3/psiMemSomeAvg10',
  ])
})

test('an unknown field is refused by name, so that a misspelt one is noticed', () => {
  const { refused } = parseSamples('{"samples":[{"at":"2026-11-24T02:41:46Z","memfree":1}]}', NOW)
  expect(refused).toEqual([{ pointer: '#/samples/0/memfree', detail: 'Unknown field.' }])
})

test('a row without any value is refused; null is "unknown" and no value', () => {
  const { refused } = parseSamples('{"samples":[{"at":"2026-11-24T02:41:46Z","memFree":null}]}', NOW)
  expect(refused).toEqual([{ pointer: '#/samples/0', detail: 'No field has a value.' }])
})

test('NDJSON rows are refused by their line', () => {
  const body =
    '{"host":"web-07","at":"2026-11-24T02:41:46Z","memFree":1}\n\n{"host":"web-07","at":"2026-11-24T02:41:56Z","memFree":-1}\n{"host":"web-07","at":"2026-\n'
  const { accepted, refused } = parseSamples(body, NOW)
  expect(accepted.map((row) => row.host)).toEqual(['web-07'])
  expect(refused).toEqual([
    { pointer: 'line 3, memFree', detail: 'Below zero (-1).' },
    { pointer: 'line 4', detail: 'Not valid JSON.' },
  ])
})

test('one line of NDJSON is told from a JSON body', () => {
  expect(parseSamples('{"at":"2026-11-24T02:41:46Z","memFree":1}', NOW).accepted).toHaveLength(1)
})

test('an empty batch is a success', () => {
  expect(parseSamples('{"samples":[]}', NOW)).toEqual({ accepted: [], refused: [] })
  expect(parseSamples('\n', NOW)).toEqual({ accepted: [], refused: [] })
})

test.each(['<html>', '[1,2]', '{"samples":5}', '"text"', '{"samples":[],"hosts":"web-07"}'])(
  '%s is no batch at all',
  (body) => {
    expect(() => parseSamples(body, NOW)).toThrow(AppError)
  },
)

test('a key that would reach an object prototype is an unknown field', () => {
  const { refused } = parseSamples('{"samples":[{"at":"2026-11-24T02:41:46Z","memFree":1,"constructor":{"x":1}}]}', NOW)
  expect(refused).toEqual([{ pointer: '#/samples/0/constructor', detail: 'Unknown field.' }])
})
