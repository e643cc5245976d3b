import { beforeAll, expect, test } from 'vitest'
import { GET } from '@/app/api/v1/hosts/[hostname]/events/route'
import { issueToken } from '@/lib/auth/tokens'
import { pool } from '@/lib/db/client'
import { meetHost } from '@/lib/db/hosts'
import { newId } from '@/lib/db/ids'
import { closeStreams } from '@/lib/http/streams'
import { storeMetrics } from '@/lib/ingest/store-metrics'

const HOUR = 3_600_000
const AT = Math.floor(Date.now() / HOUR) * HOUR - HOUR

let token = ''
beforeAll(async () => {
  token = (await issueToken({ name: 'reader', scopes: ['read'], host: null, expiresAt: null, createdById: null }))
    .secret
})

function meet(name: string) {
  return meetHost(pool, { name, seen: { from: AT, to: AT }, isSample: false })
}

function measure(host: string, at: number) {
  return storeMetrics(new Map([[host, { samples: [{ at, memFree: 1024 }], processes: [], cgroups: [] }]]))
}

async function open(host: string): Promise<AsyncGenerator<string>> {
  const answer = await GET(
    new Request(`http://localhost/api/v1/hosts/${host}/events`, { headers: { authorization: `Bearer ${token}` } }),
    { params: Promise.resolve({ hostname: host }) },
  )
  expect(answer.headers.get('content-type')).toBe('text/event-stream')
  return eventsOf(answer)
}

async function* eventsOf(answer: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  // A body of a Response made in this process.
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    for (const [, event] of decoder.decode(chunk).matchAll(/"event":"(\w+)"/g)) yield event ?? ''
  }
}

test('a host tells that it is listened to, then of its own measurements alone, until the server stops', async () => {
  const [host, other] = [`watched-${newId()}`, `other-${newId()}`]
  await meet(host)
  await meet(other)
  const [events, others] = [await open(host), await open(other)]
  expect((await events.next()).value).toBe('listening')
  expect((await others.next()).value).toBe('listening')
  await measure(host, AT + 10_000)
  expect((await events.next()).value).toBe('measured')
  closeStreams()
  expect(await events.next()).toEqual({ value: undefined, done: true })
  expect(await others.next()).toEqual({ value: undefined, done: true })
})
