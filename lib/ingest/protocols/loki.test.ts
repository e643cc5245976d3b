import { describe, expect, test } from 'vitest'
import { loki } from '@/lib/ingest/protocols/loki'
import { parseLabels } from '@/lib/ingest/protocols/loki-messages'
import { requestOf } from '@/lib/ingest/protocols/request.fixture'

const NS = '1795488579808000123'

function push(stream: Record<string, string>, ...values: unknown[]) {
  return loki.decode(requestOf(JSON.stringify({ streams: [{ stream, values }] }), { path: 'loki/api/v1/push' })).lines
}

test('labels are quoted as Go quotes', () => {
  expect(parseLabels('{host="cart-3", path="C:\\\\x", said="a \\"b\\", c=\\"d\\"\\n"}')).toEqual({
    host: 'cart-3',
    path: 'C:\\x',
    said: 'a "b", c="d"\n',
  })
  expect(parseLabels('{}')).toEqual({})
  expect(() => parseLabels('{host=cart-3}')).toThrow(/broken/)
})

test('fields that only repeat the labels are not part of the line', () => {
  expect(push({ host: 'cart-3' }, [NS, 'Mem-Info: {"level":"info"}', { level: 'info' }])[0]?.text).toBe('Mem-Info:')
  expect(push({ host: 'cart-3' }, [NS, 'limits {"level":"warn"}', { level: 'info' }])[0]?.text).toBe(
    'limits {"level":"warn"}',
  )
})

test("pino's line is a record: its message, its time, and the host only where the labels name none", () => {
  const line = JSON.stringify({ level: 30, time: 1795488349399, pid: 7, hostname: 'pod-1', msg: 'Mem-Info:' })
  expect(push({ host: 'cart-3' }, [NS, line])[0]).toMatchObject({
    host: 'cart-3',
    pid: 7,
    atNs: 1_795_488_349_399_000_000n,
    text: 'Mem-Info:',
  })
  expect(push({ job: 'app' }, [NS, line])[0]?.host).toBe('pod-1')
})

test("a file's line brings its own time and host", () => {
  const line = 'Nov 24 02:49:38 cart-3 kernel: [ 1142.532551] java invoked oom-killer: gfp_mask=0x100cca, order=0'
  expect(push({ filename: '/var/log/kern.log', host: 'collector' }, [NS, line])[0]).toMatchObject({
    host: 'cart-3',
    program: 'kernel',
    monotonicUs: 1_142_532_551,
    atNs: BigInt(Date.parse('2026-11-24T02:49:38Z')) * 1_000_000n,
    text: '[ 1142.532551] java invoked oom-killer: gfp_mask=0x100cca, order=0',
  })
})

test('a clock without a zone is read in the zone that its arrival tells', () => {
  const line = 'Nov 24 10:49:38 cart-3 kernel: Mem-Info:'
  expect(push({ filename: '/var/log/kern.log' }, [NS, line])[0]?.atNs).toBe(
    BigInt(Date.parse('2026-11-24T02:49:38Z')) * 1_000_000n,
  )
})

test('a numeric timestamp can never succeed', () => {
  expect(() => push({ host: 'cart-3' }, [1795488579, 'x'])).toThrow(/nanoseconds/)
})

test('a container that speaks of kills is not the kernel', () => {
  expect(push({ host: 'cart-3', container: 'web' }, [NS, 'Out of memory: Killed process 1 (init)'])[0]?.program).toBe(
    'web',
  )
})

test('an empty push is a success', () => {
  for (const body of ['', '{}', '{"streams":null}', '{"streams":[]}']) {
    expect(loki.decode(requestOf(body, { path: 'loki/api/v1/push' })).lines).toEqual([])
  }
})

describe('a Kubernetes event that Alloy wrote into a line', () => {
  const KILLED = 'Memory cgroup out of memory: Killed process 4242 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB'
  const about = { name: 'node-7', kind: 'Node', reason: 'OOMKilling', type: 'Warning', count: 1, sourcehost: 'node-7' }
  const logfmt = Object.entries(about).map(([key, value]) => `${key}=${value}`)

  test.each([
    ['logfmt', `${logfmt.join(' ')} msg="${KILLED}"`],
    ['JSON', JSON.stringify({ ...about, msg: KILLED })],
  ])('as %s tells of a kill and is none', (_, line) => {
    const stream = { job: 'loki.source.kubernetes_events', instance: 'loki.source.kubernetes_events.all' }
    const body = JSON.stringify({ streams: [{ stream, values: [['1795488349399005000', line]] }] })
    expect(loki.decode(requestOf(body, { path: 'loki/api/v1/push' })).lines).toMatchObject([
      {
        host: 'node-7',
        program: 'kubelet',
        atNs: 1_795_488_349_399_005_000n,
        text: `Event(v1.ObjectReference{Kind:"Node", Namespace:"", Name:"node-7"}): type: 'Warning' reason: 'OOMKilling' ${KILLED}`,
      },
    ])
  })

  test('while a line that only speaks of kinds and reasons stays as it is', () => {
    const line = 'kind=spurious reason=none at all'
    const body = JSON.stringify({ streams: [{ stream: { host: 'a' }, values: [['1795488349399005000', line]] }] })
    expect(loki.decode(requestOf(body, { path: 'loki/api/v1/push' })).lines).toMatchObject([{ host: 'a', text: line }])
  })
})
