import { expect, test } from 'vitest'
import { listCgroupSeries } from '@/lib/db/cgroups'
import { pool } from '@/lib/db/client'
import { findHost } from '@/lib/db/hosts'
import { prometheus } from '@/lib/ingest/protocols/prometheus'
import { message, requestOf } from '@/lib/ingest/protocols/request.fixture'
import { storeDecoded } from '@/lib/ingest/wire'

const T0 = Date.parse('2026-11-24T02:42:29.000Z')
const MIB = 1024 ** 2
const PATH = '/kubepods/burstable/pod7f9c/4be1'

type Series = [name: string, labels: Record<string, string>, value: number]

/** One remote write request of some series at an instant, stored as a sender of its own. */
async function send(senderId: string, at: number, series: Series[], boundHost: string | null = null): Promise<void> {
  const body = message(
    ...series.map(([name, labels, value]): [number, Uint8Array] => [
      1,
      message(
        ...Object.entries({ __name__: name, ...labels }).map(([label, text]): [number, Uint8Array] => [
          1,
          message([1, label], [2, text]),
        ]),
        [2, message([1, value], [2, BigInt(at)])],
      ),
    ]),
  )
  const decoded = prometheus.decode({ ...requestOf(body), receivedAt: at })
  const origin = { senderId, senderName: 'prometheus', boundHost, address: null, receivedAt: at }
  await storeDecoded(decoded, origin, { source: 'prometheus', body, toleranceMs: 0 })
}

async function groupsOf(name: string) {
  const host = await findHost(name)
  if (!host) throw new Error(`no host ${name}`)
  return (await listCgroupSeries(host.id, { from: T0 - 60_000, to: T0 + 600_000 })).cgroups
}

async function countedOn(name: string): Promise<string[]> {
  const { rows } = await pool.query<{ text: string }>(
    `select "text" from "StreamLine" l join "Host" h on h."id" = l."hostId"
      where h."name" = $1 and l."source" = 'counters' order by "atNs"`,
    [name],
  )
  return rows.map(({ text }) => text.slice(text.indexOf(' - - - ') + ' - - - '.length))
}

const container = { instance: '10.8.0.4:10250', namespace: 'shop', pod: 'cart-7d9', container: 'app', id: PATH }

test('a scrape of cAdvisor in several requests is one list of the node that uname names at the same address', async () => {
  await send('kubelets', T0 - 10_000, [['node_load1', { instance: '10.8.0.4:9100' }, 1]])
  await send('kubelets', T0 - 10_000, [
    ['node_uname_info', { instance: '10.8.0.4:9100', nodename: 'node-4', machine: 'x86_64' }, 1],
    ['node_load5', { instance: '10.8.0.4:9100' }, 1],
  ])
  const other = { ...container, container: 'proxy', id: `${PATH}-proxy` }
  const parts: Series[][] = [
    [['container_spec_memory_limit_bytes', container, 64 * MIB]],
    [
      ['container_memory_usage_bytes', container, 60 * MIB],
      ['container_memory_usage_bytes', other, 5 * MIB],
    ],
    [['container_memory_swap', container, 3 * MIB]],
  ]
  for (const part of [...parts, ...parts]) await send('kubelets', T0, part)
  expect(await groupsOf('node-4')).toMatchObject([
    { path: PATH, usage: [60 * MIB], limit: [64 * MIB], swap: [3 * MIB] },
    { path: `${PATH}-proxy`, usage: [5 * MIB], limit: [null], swap: [null] },
  ])
  expect(await findHost('10.8.0.4')).toBeNull()
  const { rows } = await pool.query(`select "name" from "CgroupSample" where "path" @> array[$1]`, [PATH])
  expect(rows).toEqual([{ name: ['shop/cart-7d9/app', 'shop/cart-7d9/proxy'] }])
})

test('kills that cAdvisor counts are told of their node and container once, and stand in the list', async () => {
  const labels = { ...container, node: 'node-5' }
  const count = (at: number, value: number) => send('counting', at, [['container_oom_events_total', labels, value]])
  await count(T0, 0)
  await count(T0 + 15_000, 2)
  await count(T0 + 15_000, 2)
  await send('counting', T0 + 15_000, [['container_memory_usage_bytes', labels, MIB]])
  expect(await countedOn('node-5')).toEqual([
    'the kernel counted 2 OOM kills (container_oom_events_total 0 to 2) in /kubepods/burstable/pod7f9c/4be1 ' +
      '(shop/cart-7d9/app) between 2026-11-24T02:42:29.000Z and 2026-11-24T02:42:44.000Z',
  ])
  expect(await groupsOf('node-5')).toMatchObject([{ path: PATH, oomKills: [2] }])
})

test('OOMKilled of kube-state-metrics is of the node its other series name, never of the address that was scraped', async () => {
  const target = { instance: '10.244.1.9:8080', namespace: 'monitoring', pod: 'kube-state-metrics-0' }
  const of = { ...target, exported_namespace: 'shop', exported_pod: 'cart-8', exported_container: 'app' }
  const limit: Series = [
    'kube_pod_container_resource_limits',
    { ...of, node: 'node-6', resource: 'memory', unit: 'byte' },
    64 * MIB,
  ]
  const reason: Series = ['kube_pod_container_status_last_terminated_reason', { ...of, reason: 'OOMKilled' }, 1]
  await send('states', T0, [limit])
  await send('states', T0 + 30_000, [reason])
  await send('states', T0 + 60_000, [limit, reason])
  expect(await countedOn('node-6')).toEqual([
    'the kubelet said OOMKilled in (shop/cart-8/app) at 2026-11-24T02:42:59.000Z',
  ])
  expect(await findHost('10.244.1.9')).toBeNull()
})

test('a token of one node stores nothing of the containers of others', async () => {
  const usage = (node: string): Series => ['container_memory_usage_bytes', { ...container, node }, MIB]
  await send('bound', T0, [usage('node-7'), usage('node-8')], 'node-7')
  expect(await groupsOf('node-7')).toHaveLength(1)
  expect(await findHost('node-8')).toBeNull()
})
