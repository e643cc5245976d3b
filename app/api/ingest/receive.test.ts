import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { receive } from '@/app/api/ingest/receive'
import { findRecordBatch } from '@/app/api/ingest/record-batch'
import { issueToken } from '@/lib/auth/tokens'
import { pool } from '@/lib/db/client'
import { findHost } from '@/lib/db/hosts'
import { bodyText } from '@/lib/http/body'

const LINE = JSON.stringify([
  { MESSAGE: 'Mem-Info:', HOST: 'cart-3', ISODATE: '2026-11-24T02:45:49Z', PROGRAM: 'kernel' },
])
let any = ''
let bound = ''
let ofWeb = ''

beforeAll(async () => {
  const token = { name: 'agents', expiresAt: null, createdById: null, scopes: ['ingest' as const] }
  any = (await issueToken({ ...token, host: null })).secret
  bound = (await issueToken({ ...token, name: 'bound', host: 'cart-3' })).secret
  ofWeb = (await issueToken({ ...token, name: 'web', host: 'web-*' })).secret
})

function send(protocol: string, path: string[], headers: Record<string, string>, body: BodyInit = LINE, search = '') {
  const request = new Request(`http://oom.example/api/ingest/${protocol}${search}`, { method: 'POST', headers, body })
  return receive(request, protocol, path)
}

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

describe('the token', () => {
  test.each([
    ['Bearer', () => ({ authorization: `Bearer ${any}` })],
    ['Basic, as the password', () => ({ authorization: basic('agent', any) })],
    ['Basic, as the user', () => ({ authorization: basic(any, '') })],
    ['Splunk', () => ({ authorization: `Splunk ${any}` })],
    ['Token', () => ({ authorization: `Token ${any}` })],
    ['ApiKey', () => ({ authorization: `ApiKey ${Buffer.from(`id:${any}`).toString('base64')}` })],
    ['ApiKey, as it is', () => ({ authorization: `ApiKey ${any}` })],
    ['DD-API-KEY', () => ({ 'dd-api-key': any })],
  ])('is taken as %s', async (_, headers) => {
    expect((await send('json', [], headers())).status).toBe(204)
  })

  test('is taken from the address', async () => {
    expect((await send('json', ['t', any], {})).status).toBe(204)
    expect((await send('influx', ['write'], {}, 'mem,host=cart-3 free=1i', `?p=${any}`)).status).toBe(204)
  })

  test('that is unknown is refused before anything is read', async () => {
    expect((await send('json', [], { authorization: 'Bearer nonsense' })).status).toBe(401)
    expect((await send('json', [], {})).status).toBe(401)
    const noise = Buffer.from('agent:\u00ff\u0001', 'latin1').toString('base64')
    expect((await send('json', [], { authorization: `Basic ${noise}` })).status).toBe(401)
  })

  test('of one host writes for that host only', async () => {
    const headers = { authorization: `Bearer ${bound}` }
    expect((await send('json', [], headers)).status).toBe(204)
    const other = JSON.stringify([{ MESSAGE: 'x', HOST: 'not-mine', PROGRAM: 'kernel' }])
    expect((await send('json', [], headers, other)).status).toBe(403)
    expect(await findHost('not-mine')).toBeNull()
    const fqdn = JSON.stringify([{ MESSAGE: 'x', HOST: 'cart-3.example.org', PROGRAM: 'kernel' }])
    expect((await send('json', [], headers, fqdn)).status).toBe(204)
    expect(await findHost('cart-3.example.org')).toBeNull()
  })

  test('of a pattern writes for the hosts it names, and for none where a line names none', async () => {
    const headers = { authorization: `Bearer ${ofWeb}` }
    const from = (host: string | null) =>
      JSON.stringify([{ MESSAGE: 'x', PROGRAM: 'kernel', ...(host && { HOST: host }) }])
    expect((await send('json', [], headers, from('web-12'))).status).toBe(204)
    expect(await findHost('web-12')).not.toBeNull()
    expect((await send('json', [], headers, from('db-12'))).status).toBe(403)
    expect(await findHost('db-12')).toBeNull()
    expect((await send('json', [], headers, from(null))).status).toBe(403)
    expect(await findHost('web-*')).toBeNull()
  })
})

describe('an answer', () => {
  const headers = () => ({ authorization: `Bearer ${any}` })

  test('tells the sender what can never succeed, in its own words', async () => {
    expect((await send('nope', [], headers())).status).toBe(404)
    expect((await send('json', [], headers(), '[{"a":')).status).toBe(400)
    expect((await send('json', [], { ...headers(), 'content-encoding': 'br' })).status).toBe(415)
    expect((await send('fluentbit', [], { ...headers(), 'content-type': 'application/msgpack' })).status).toBe(415)
    const hec = await send('splunk', ['services', 'collector'], headers(), '{"event":')
    expect(hec.status).toBe(400)
    expect(await hec.json()).toMatchObject({ code: 6 })
    const otlp = await send('otlp', ['v1', 'logs'], { ...headers(), 'content-type': 'application/json' }, '{')
    expect(await otlp.json()).toMatchObject({ code: 3 })
  })

  test('to a bomb is a refusal', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    expect(
      (await send('loki', ['loki', 'api', 'v1', 'push'], { ...headers(), 'content-encoding': 'gzip' }, bomb)).status,
    ).toBe(413)
  })

  test('to a body shorter than it says is a refusal', async () => {
    expect((await send('json', [], { ...headers(), 'content-length': '9999' })).status).toBe(400)
  })

  test('to a journal is given also when a part of it is broken: a refusal would end the uploader', async () => {
    const broken = await send('journald', ['upload'], headers(), 'no journal at all\n\n')
    expect([broken.status, await broken.text()]).toEqual([202, 'OK.\n'])
  })
})

test('lines that name no machine are of the address they came from', async () => {
  const headers = { authorization: `Bearer ${any}`, 'x-oomscope-client': '192.0.2.44' }
  expect((await send('json', [], headers, '[{"message":"Out of memory: Killed process 1 (a)"}]')).status).toBe(204)
  const { rows } = await pool.query(
    `select count(*)::int as "lines" from "StreamLine" l join "Host" h on h."id" = l."hostId" where h."name" = '192.0.2.44'`,
  )
  expect(rows).toEqual([{ lines: 1 }])
})

describe('a batch of records at the upload address', () => {
  const find = (body: string, headers: Record<string, string>) =>
    findRecordBatch(new Request('http://oom.example/api/v1/logs', { method: 'POST', headers, body }))
  const program = { 'content-type': 'application/json', authorization: 'Bearer x' }

  test('is told from a file that is JSON, and the body is whole', async () => {
    const batch = await find(LINE, program)
    expect(batch.isRecordBatch).toBe(true)
    expect(await bodyText(batch.request, 1e6)).toBe(LINE)
    const sadf = '{"sysstat":{"hosts":[]}}'
    const file = await find(sadf, program)
    expect([file.isRecordBatch, await bodyText(file.request, 1e6)]).toEqual([false, sadf])
  })

  test('is never what a person drops on the page', async () => {
    expect((await find(LINE, { 'content-type': 'application/json' })).isRecordBatch).toBe(false)
  })
})
