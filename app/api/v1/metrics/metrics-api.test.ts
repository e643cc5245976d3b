import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { GET } from '@/app/api/v1/hosts/[hostname]/series/route'
import { POST } from '@/app/api/v1/metrics/route'
import { issueToken } from '@/lib/auth/tokens'
import { findHost } from '@/lib/db/hosts'
import { newId } from '@/lib/db/ids'
import { listSamples } from '@/lib/db/samples'
import type { Series } from '@/lib/metrics/sample'

const GIB = 1024 ** 3
const HOUR = 3_600_000
const AT = Math.floor(Date.now() / HOUR) * HOUR - HOUR

let token = ''
let boundToken = ''
const boundHost = `bound-${newId()}`

beforeAll(async () => {
  const plain = { name: 'agent', expiresAt: null, createdById: null }
  token = (await issueToken({ ...plain, scopes: ['ingest', 'read'], host: null })).secret
  boundToken = (await issueToken({ ...plain, scopes: ['ingest'], host: boundHost })).secret
})

function send(
  body: string | Uint8Array<ArrayBuffer>,
  { search = '', headers = {}, by = token } = {},
): Promise<Response> {
  return POST(
    new Request(`http://localhost/api/v1/metrics${search}`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${by}`, 'content-length': String(Buffer.byteLength(body)), ...headers },
    }),
    undefined,
  )
}

async function stored(host: string): Promise<Series> {
  const known = await findHost(host)
  return known ? listSamples(known.id, { from: 0, to: Date.now() + 48 * HOUR }) : []
}

test('samples are stored once, whatever their encoding', async () => {
  const host = `web-${newId()}`
  const samples = [{ at: AT, memTotal: 4 * GIB, memFree: GIB }]
  const json = JSON.stringify({ host, samples })
  expect(await (await send(json)).json()).toEqual({ stored: 1, known: 0 })
  const zipped = await send(Uint8Array.from(gzipSync(json)), { headers: { 'content-encoding': 'gzip' } })
  expect(await zipped.json()).toEqual({ stored: 0, known: 1 })
  const lines = samples.map((sample) => JSON.stringify(sample)).join('\n')
  expect(await (await send(lines, { search: `?host=${host}` })).json()).toEqual({ stored: 0, known: 1 })
  expect(await stored(host)).toEqual(samples)
})

test('rows that cannot be are refused with their pointer, the others are stored', async () => {
  const host = `web-${newId()}`
  const rows = [
    { at: AT, memTotal: 4 * GIB, memAvailable: GIB },
    { at: AT + 10_000, memTotal: 4 * GIB, memAvailable: 5 * GIB },
    { at: '1900-01-01T00:00:00Z', memFree: 1 },
    { at: '9999-01-01T00:00:00Z', memFree: 1 },
    { at: AT + 20_000, memFree: 2 ** 64 },
    { at: AT + 30_000, swapTotal: 0, swapFree: -1 },
    { at: AT + 40_000, load1: 'NaN' },
    { at: AT + HOUR, memFree: 7 },
  ]
  const answer = await send(JSON.stringify({ host, samples: rows }))
  expect(answer.status).toBe(422)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  const problem = await answer.json()
  expect(problem.detail).toBe('6 of 8 rows were refused; the others are stored.')
  expect(problem.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
    '#/samples/1/memAvailable',
    '#/samples/2/at',
    '#/samples/3/at',
    '#/samples/4/memFree',
    '#/samples/5/swapFree',
    '#/samples/6/load1',
  ])
  expect((await stored(host)).map(({ at }) => at)).toEqual([AT, AT + HOUR])
})

test('several hosts in one body are kept apart; a row without any is refused', async () => {
  const [one, other] = [`a-${newId()}`, `b-${newId()}`]
  const answer = await send(
    JSON.stringify({
      samples: [
        { at: AT, host: one, memFree: 1 },
        { at: AT, host: other, memFree: 2 },
        { at: AT, memFree: 3 },
      ],
    }),
  )
  expect((await answer.json()).errors).toEqual([
    { pointer: '#/samples/2', detail: 'No host is named, by this row, the body or ?host=.' },
  ])
  expect(await stored(one)).toEqual([{ at: AT, memFree: 1 }])
  expect(await stored(other)).toEqual([{ at: AT, memFree: 2 }])
})

test('a token of one host writes for it alone', async () => {
  const samples = [{ at: AT, memFree: 1 }]
  expect((await send(JSON.stringify({ samples }), { by: boundToken })).status).toBe(200)
  expect(await stored(boundHost)).toEqual(samples)
  const foreign = await send(JSON.stringify({ host: 'other', samples }), { by: boundToken })
  expect(foreign.status).toBe(403)
})

test.each([
  ['without a token', '{"samples":[]}', { authorization: '' }, 401],
  ['that is no JSON', 'hello', {}, 400],
  ['that is no list', '{"samples":5}', {}, 400],
  ['in an unknown encoding', '{"samples":[]}', { 'content-encoding': 'br' }, 415],
  ['that is not gzip as it says', '{"samples":[]}', { 'content-encoding': 'gzip' }, 400],
  ['of more rows than allowed', JSON.stringify({ samples: Array(5_001).fill({ at: AT, memFree: 1 }) }), {}, 413],
])('a body %s is answered with its status', async (_what, body, headers, status) => {
  expect((await send(body, { headers })).status).toBe(status)
})

test('of more requests at once than are admitted the rest is asked to come back, and nothing is half stored', async () => {
  const host = `web-${newId()}`
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      send(JSON.stringify({ host, samples: [{ at: AT + index * 1_000, memFree: index }] })),
    ),
  )
  const refused = answers.filter(({ status }) => status !== 200)
  expect(refused.length).toBeGreaterThan(0)
  for (const answer of refused) {
    expect([429, 503]).toContain(answer.status)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect(await stored(host)).toHaveLength(300 - refused.length)
})

test('the series of a host has its samples, processes and cgroups as columns', async () => {
  const host = `web-${newId()}`
  await send(
    JSON.stringify({
      host,
      samples: [
        { at: AT, memFree: 5 },
        { at: AT + 1_000, memFree: 3 },
      ],
      processes: [{ at: AT, processes: [{ pid: 7, comm: 'mysqld', rss: 4096 }] }],
      cgroups: [{ at: AT, cgroups: [{ path: '/db', usage: 10, limit: 20 }] }],
    }),
  )
  const search = `from=${AT}&to=${AT + HOUR}&points=10&fields=memFree&processes=1&cgroups=1`
  const answer = await GET(
    new Request(`http://localhost/api/v1/hosts/${host}/series?${search}`, {
      headers: { authorization: `Bearer ${token}` },
    }),
    { params: Promise.resolve({ hostname: host }) },
  )
  expect(await answer.json()).toMatchObject({
    host,
    fields: { memFree: { min: [3], max: [5], avg: [4], last: [3], count: [2] } },
    processes: { processes: [{ pid: 7, comm: 'mysqld', peak: 4096 }] },
    cgroups: { cgroups: [{ path: '/db', usage: [10], limit: [20] }] },
  })
})

test('a range that ends before it begins is refused by name', async () => {
  const host = `web-${newId()}`
  await send(JSON.stringify({ host, samples: [{ at: AT, memFree: 5 }] }))
  const answer = await GET(
    new Request(`http://localhost/api/v1/hosts/${host}/series?from=2&to=1`, {
      headers: { authorization: `Bearer ${token}` },
    }),
    { params: Promise.resolve({ hostname: host }) },
  )
  expect(answer.status).toBe(400)
  expect((await answer.json()).errors).toEqual([{ pointer: '#/from', detail: 'from must lie before to' }])
})
