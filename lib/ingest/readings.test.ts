import { describe, expect, test } from 'vitest'
import { pool } from '@/lib/db/client'
import { findHost, listHosts } from '@/lib/db/hosts'
import { listSamples } from '@/lib/db/samples'
import type { HostIdentity, Reading } from '@/lib/ingest/protocols/protocol'
import { storeReadings } from '@/lib/ingest/readings'
import type { Series } from '@/lib/metrics/sample'

const T0 = Date.parse('2026-11-24T02:42:29.822Z')
const TOLERANCE = { toleranceMs: 0 }

async function samplesOf(name: string): Promise<Series> {
  const host = await findHost(name)
  return host ? listSamples(host.id, { from: T0 - 3_600_000, to: T0 + 3_600_000 }) : []
}

function level(host: string, at: number, field: 'memFree' | 'memTotal' | 'load1', value: number): Reading {
  return { host, at, field, value }
}

function uname(name: string, instance: string): HostIdentity {
  return { name, aliases: [instance], machineId: null, pageSizeBytes: 4096 }
}

test('a scrape in several requests is one sample of one machine, whichever part names it', async () => {
  const sender = { senderId: 'split', ...TOLERANCE }
  await storeReadings([level('10.9.0.7:9100', T0, 'memFree', 100)], [], sender)
  await storeReadings([level('node-split', T0, 'memTotal', 1_000)], [uname('node-split', '10.9.0.7:9100')], sender)
  await storeReadings([level('10.9.0.7:9100', T0, 'load1', 0.5)], [], sender)
  expect(await samplesOf('node-split')).toMatchObject([{ at: T0, memFree: 100, memTotal: 1_000, load1: 0.5 }])
  expect((await listHosts()).map(({ name }) => name)).not.toContain('10.9.0.7')
})

test('a name that several machines share is no machine any more, and the sender is told', async () => {
  const sender = { senderId: 'shared', ...TOLERANCE }
  await storeReadings([level('alpha', T0, 'memFree', 1)], [uname('alpha', 'localhost:9100')], sender)
  await storeReadings([level('beta', T0, 'memFree', 2)], [uname('beta', 'localhost:9100')], sender)
  const receipt = await storeReadings([level('localhost:9100', T0 + 15_000, 'memFree', 3)], [], sender)
  expect(receipt).toMatchObject({ samples: 0, refused: 1, remarks: [expect.stringContaining('external_labels')] })
  expect(await samplesOf('alpha')).toHaveLength(1)
  expect(await samplesOf('beta')).toHaveLength(1)
})

test('requests stored together are each of their own machine, and a name that two of them claim is of none', async () => {
  const sender = { senderId: 'together', ...TOLERANCE }
  const scrape = (name: string, instance: string, value: number) =>
    storeReadings([level(instance, T0, 'memFree', value)], [uname(name, instance)], sender)
  // The first is stored alone, what comes meanwhile in one go.
  await Promise.all([
    scrape('node-a', '10.9.1.1:9100', 1),
    scrape('node-b', '10.9.1.2:9100', 2),
    scrape('node-c', '10.9.1.3:9100', 3),
    scrape('node-d', 'localhost:9101', 4),
    scrape('node-e', 'localhost:9101', 5),
  ])
  for (const [name, memFree] of [
    ['node-a', 1],
    ['node-b', 2],
    ['node-c', 3],
  ] as const) {
    expect(await samplesOf(name)).toMatchObject([{ at: T0, memFree }])
  }
  const receipt = await storeReadings([level('localhost:9101', T0 + 15_000, 'memFree', 6)], [], sender)
  expect(receipt).toMatchObject({ samples: 0, refused: 1 })
})

describe('counters', () => {
  const count = (value: number, at: number): Reading => ({ host: 'counted', at, counter: 'oomKills', value })
  const sender = { senderId: 'counting', ...TOLERANCE }

  test('a rate goes on over requests, and a request sent again counts nothing twice', async () => {
    await storeReadings([count(1, T0)], [], sender)
    await storeReadings([count(3, T0 + 15_000)], [], sender)
    await storeReadings([count(3, T0 + 15_000)], [], sender)
    await storeReadings([count(1, T0)], [], sender)
    expect(await samplesOf('counted')).toMatchObject([{ at: T0 + 15_000, oomKills: 2 }])
    const { rows } = await pool.query(
      `select c."value" from "Counter" c join "Host" h on h."id" = c."hostId" where h."name" = 'counted'`,
    )
    expect(rows).toEqual([{ value: 3 }])
  })

  test('fifty copies of one request at once are one', async () => {
    await Promise.all(Array.from({ length: 50 }, () => storeReadings([count(7, T0 + 30_000)], [], sender)))
    expect((await samplesOf('counted')).filter(({ at }) => at === T0 + 30_000)).toMatchObject([{ oomKills: 4 }])
  })
})

test('names alone make no host', async () => {
  await storeReadings([], [uname('metadata-only', 'metadata-only:9100')], { senderId: 'names', ...TOLERANCE })
  expect(await findHost('metadata-only')).toBeNull()
})
