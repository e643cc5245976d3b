import { expect, test } from 'vitest'
import { AppError } from '@/lib/errors'
import { parseMetrics } from '@/lib/metrics/wire'

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
  expect(parseMetrics(JSON.stringify(body), NOW)).toEqual({
    samples: [
      {
        pointer: '#/samples/0',
        host: 'web-07',
        sample: { at: 1795488106000, memTotal: 4294967296, memFree: 1073741824 },
      },
      { pointer: '#/samples/1', host: 'web-08', sample: { at: 1795488120000, load1: 0.5 } },
    ],
    processes: [],
    cgroups: [],
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
  const { samples, refused } = parseMetrics(JSON.stringify(body), NOW)
  expect(samples).toHaveLength(1)
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
  expect(parseMetrics(JSON.stringify({ samples: [{ at, memFree: 1 }] }), NOW).refused).toEqual([
    { pointer: '#/samples/0/at', detail },
  ])
})

test('a time without a zone is no instant', () => {
  const { refused } = parseMetrics('{"samples":[{"at":"2026-11-24T02:41:46","memFree":1}]}', NOW)
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
  expect(parseMetrics(JSON.stringify({ samples: rows }), NOW).refused.map(({ pointer }) => pointer)).toEqual([
    '#/samples/0/memFree',
    '#/samples/1/swapFree',
    '#/samples/2/load1',
    '#/samples/3/psiMemSomeAvg10',
  ])
})

test('an unknown field is refused by name, so that a misspelt one is noticed', () => {
  const { refused } = parseMetrics('{"samples":[{"at":"2026-11-24T02:41:46Z","memfree":1}]}', NOW)
  expect(refused).toEqual([{ pointer: '#/samples/0/memfree', detail: 'Unknown field.' }])
})

test('a row without any value is refused; null is "unknown" and no value', () => {
  const { refused } = parseMetrics('{"samples":[{"at":"2026-11-24T02:41:46Z","memFree":null}]}', NOW)
  expect(refused).toEqual([{ pointer: '#/samples/0', detail: 'No field has a value.' }])
})

test('NDJSON rows are refused by their line', () => {
  const body =
    '{"host":"web-07","at":"2026-11-24T02:41:46Z","memFree":1}\n\n{"host":"web-07","at":"2026-11-24T02:41:56Z","memFree":-1}\n{"host":"web-07","at":"2026-\n'
  const { samples, refused } = parseMetrics(body, NOW)
  expect(samples.map((row) => row.host)).toEqual(['web-07'])
  expect(refused).toEqual([
    { pointer: 'line 3, memFree', detail: 'Below zero (-1).' },
    { pointer: 'line 4', detail: 'Not valid JSON.' },
  ])
})

test('one line of NDJSON is told from a JSON body', () => {
  expect(parseMetrics('{"at":"2026-11-24T02:41:46Z","memFree":1}', NOW).samples).toHaveLength(1)
})

test('an empty batch is a success', () => {
  expect(parseMetrics('{"samples":[]}', NOW)).toEqual({ samples: [], processes: [], cgroups: [], refused: [] })
  expect(parseMetrics('\n', NOW)).toEqual({ samples: [], processes: [], cgroups: [], refused: [] })
})

test.each(['<html>', '[1,2]', '{"samples":5}', '"text"', '{"samples":[],"hosts":"web-07"}'])(
  '%s is no batch at all',
  (body) => {
    expect(() => parseMetrics(body, NOW)).toThrow(AppError)
  },
)

test('a key that would reach an object prototype is an unknown field', () => {
  const { refused } = parseMetrics('{"samples":[{"at":"2026-11-24T02:41:46Z","memFree":1,"constructor":{"x":1}}]}', NOW)
  expect(refused).toEqual([{ pointer: '#/samples/0/constructor', detail: 'Unknown field.' }])
})

test('processes and cgroups come beside samples; an impossible entry is refused and its list kept', () => {
  const at = '2026-11-24T02:41:46Z'
  const body = {
    host: 'web-07',
    samples: [{ at, memFree: 1 }],
    processes: [
      {
        at,
        processes: [
          { pid: 812, comm: 'mysqld', rss: 4 * GIB, swap: 0, oomScoreAdj: -500 },
          { pid: 0, comm: 'swapper', rss: 1 },
          { pid: 9, comm: 'x', rss: 2 ** 64 },
        ],
      },
    ],
    cgroups: [{ at, cgroups: [{ path: '/system.slice/db.service', usage: GIB, limit: 2 * GIB }] }],
  }
  expect(parseMetrics(JSON.stringify(body), NOW)).toMatchObject({
    processes: [
      {
        host: 'web-07',
        sample: {
          at: 1795488106000,
          processes: [{ pid: 812, comm: 'mysqld', rss: 4294967296, swap: 0, oomScoreAdj: -500 }],
        },
      },
    ],
    cgroups: [
      {
        host: 'web-07',
        sample: {
          cgroups: [
            { path: '/system.slice/db.service', usage: 1073741824, limit: 2147483648, swap: null, oomKills: null },
          ],
        },
      },
    ],
    refused: [{ pointer: '#/processes/0/processes/1/pid' }, { pointer: '#/processes/0/processes/2/rss' }],
  })
})

test('a list of processes may be a line of NDJSON', () => {
  const line = '{"host":"web-07","at":"2026-11-24T02:41:46Z","processes":[{"pid":1,"comm":"init","rss":4096}]}'
  expect(parseMetrics(line, NOW).processes[0]?.sample.processes).toEqual([
    { pid: 1, comm: 'init', rss: 4096, swap: null, oomScoreAdj: null },
  ])
})

test('a list of the wrong century is refused at its time', () => {
  const body = { processes: [{ at: '1900-01-01T00:00:00Z', processes: [{ pid: 1, comm: 'init', rss: 1 }] }] }
  expect(parseMetrics(JSON.stringify(body), NOW).refused).toEqual([
    { pointer: '#/processes/0/at', detail: 'More than 20 years ago.' },
  ])
})
