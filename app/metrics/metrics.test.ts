import { expect, test } from 'vitest'
import { receive } from '@/app/api/ingest/receive'
import { GET } from '@/app/metrics/route'
import { issueToken } from '@/lib/auth/tokens'
import { claimUpload } from '@/lib/db/queue'
import { readUpload } from '@/lib/ingest/read-upload'

const token = async (scope: 'read' | 'ingest') =>
  (await issueToken({ name: scope, scopes: [scope], host: null, expiresAt: null, createdById: null })).secret

const ask = (headers: Record<string, string>) => GET(new Request('http://oom.example/metrics', { headers }), undefined)

test('a Prometheus server with a token reads kills, what waits, and what senders were answered', async () => {
  const ingest = { authorization: `Bearer ${await token('ingest')}` }
  const line = {
    MESSAGE: 'Memory cgroup out of memory: Killed process 7 (we"b) total-vm:1kB, anon-rss:1kB, file-rss:0kB',
    HOST: 'cart-3',
    PROGRAM: 'kernel',
    ISODATE: '2026-03-10T02:42:25Z',
  }
  const send = (body: string) =>
    receive(new Request('http://oom.example/api/ingest/json', { method: 'POST', headers: ingest, body }), 'json', [])
  await send(JSON.stringify([line]))
  await send('{"')
  for (let claim = await claimUpload('test'); claim; claim = await claimUpload('test')) {
    await readUpload(claim, new AbortController().signal)
  }
  const answer = await ask({ authorization: `Bearer ${await token('read')}` })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  const lines = (await answer.text()).split('\n')
  expect(lines).toContain('oomscope_oom_kills_total{host="cart-3",comm="we\\"b",constraint="memcg"} 1')
  expect(lines).toContain('oomscope_incidents{host="cart-3",class="cgroup-limit"} 1')
  expect(lines).toContain('oomscope_uploads{state="read"} 1')
  expect(lines).toContain('oomscope_oldest_waiting_upload_seconds 0')
  expect(lines).toContain('oomscope_ingest_requests_total{protocol="json",status="204"} 1')
  expect(lines).toContain('oomscope_ingest_requests_total{protocol="json",status="400"} 1')
})

test('nobody else reads it', async () => {
  expect((await ask({})).status).toBe(401)
  expect((await ask({ authorization: `Bearer ${await token('ingest')}` })).status).toBe(403)
})
