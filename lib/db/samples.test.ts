import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { inTransaction, pool } from '@/lib/db/client'
import { findHost, forgetEmptyHosts } from '@/lib/db/hosts'
import { newId } from '@/lib/db/ids'
import { insertSamples, listSamples } from '@/lib/db/samples'
import { listSeries } from '@/lib/db/series'
import { withdrawSamples } from '@/lib/db/upload-samples'
import { SAMPLE_FIELDS, type Sample, type SampleField, type Series } from '@/lib/metrics/sample'
import { TIERS } from '@/lib/metrics/tiers'

const MIB = 1024 ** 2
const HOUR = 3_600_000
/** The start of an hour of yesterday: everything is kept there, whatever day it is. */
const START = Math.floor(Date.now() / HOUR) * HOUR - 24 * HOUR

let hostId = ''
beforeEach(() => {
  hostId = newId()
})

interface Rollup {
  tier: number
  at: number
  min: number | null
  max: number | null
  sum: number | null
  last: number | null
  count: number
}

async function rollupsOf(field: SampleField, host = hostId): Promise<Rollup[]> {
  const place = SAMPLE_FIELDS.indexOf(field) + 1
  const { rows } = await pool.query<Rollup>(
    `select "tier", date_part('epoch', "at") * 1000 as "at", "last"[$2], "count"[$2],
            case when "count"[$2] > 0 then "min"[$2] end as "min", case when "count"[$2] > 0 then "max"[$2] end as "max",
            case when "count"[$2] > 0 then "sum"[$2] end as "sum"
       from "MemoryRollup" where "hostId" = $1 order by "tier", "at"`,
    [host, place],
  )
  return rows
}

/** The definition: each bucket of each tier over all samples there are. */
function rollupsByHand(samples: Series, field: SampleField): Rollup[] {
  return TIERS.flatMap((tier) => {
    const starts = [...new Set(samples.map(({ at }) => Math.floor(at / tier) * tier))].sort((a, b) => a - b)
    return starts.map((at) => {
      const told = samples
        .filter((sample) => sample.at >= at && sample.at < at + tier)
        .sort((a, b) => a.at - b.at)
        .flatMap((sample) => sample[field] ?? [])
      const isEmpty = told.length === 0
      return {
        tier,
        at,
        min: isEmpty ? null : Math.min(...told),
        max: isEmpty ? null : Math.max(...told),
        sum: isEmpty ? null : told.reduce((sum, value) => sum + value, 0),
        last: told.at(-1) ?? null,
        count: told.length,
      }
    })
  })
}

// Sums of whole numbers below 2^53 are exact in any order; those of fractions are not, so none are used here.
const sample = fc.record({
  at: fc.integer({ min: 0, max: 3 * 360 }).map((step) => START + step * 10_000),
  memFree: fc.option(fc.integer({ min: 0, max: 2 ** 40 })),
  oomKills: fc.option(fc.integer({ min: 0, max: 5 })),
})

/** One sample an instant, as a machine has. */
const series = fc.uniqueArray(sample, { selector: ({ at }) => at, minLength: 1, maxLength: 60 })

test('rollups are those of the samples whatever order, repetition and batching they come in', async () => {
  await fc.assert(
    fc.asyncProperty(
      series,
      fc.array(fc.nat(59), { maxLength: 40 }),
      fc.integer({ min: 1, max: 20 }),
      async (samples, repeated, batchSize) => {
        const host = newId()
        const deliveries = [...samples, ...repeated.flatMap((index) => samples[index] ?? [])]
        for (let start = 0; start < deliveries.length; start += batchSize) {
          await insertSamples(host, deliveries.slice(start, start + batchSize))
        }
        const told = samples.filter(({ memFree, oomKills }) => memFree !== null || oomKills !== null)
        expect(await rollupsOf('memFree', host)).toEqual(rollupsByHand(told, 'memFree'))
        expect(await rollupsOf('oomKills', host)).toEqual(rollupsByHand(told, 'oomKills'))
      },
    ),
    { numRuns: 30, seed: 7 },
  )
})

test('what is drawn has the extremes of the samples at every zoom', async () => {
  await fc.assert(
    fc.asyncProperty(
      series,
      fc.integer({ min: -2 * HOUR, max: 3 * HOUR }),
      fc.integer({ min: 1, max: 400 * HOUR }),
      fc.integer({ min: 2, max: 1000 }),
      async (samples, offset, span, points) => {
        const host = newId()
        await insertSamples(host, samples)
        const range = { from: START + offset, to: START + offset + span }
        const drawn = await listSeries(host, range, { points, fields: ['memFree'] })
        expect(drawn.at.length).toBeLessThanOrEqual(points)
        expect(drawn.from).toBeLessThanOrEqual(range.from)
        expect(drawn.to).toBeGreaterThan(range.to)
        const told = samples.filter(({ memFree }) => memFree !== null)
        drawn.at.forEach((at, index) => {
          const inside = told.filter((one) => one.at >= at && one.at < at + drawn.bucketMs)
          const values = inside.flatMap(({ memFree }) => memFree ?? [])
          expect(drawn.fields.memFree?.count[index]).toBe(values.length)
          if (values.length === 0) return
          expect(drawn.fields.memFree?.min[index]).toBe(Math.min(...values))
          expect(drawn.fields.memFree?.max[index]).toBe(Math.max(...values))
        })
        const counted = drawn.fields.memFree?.count.reduce((sum, count) => sum + count, 0)
        expect(counted).toBe(told.filter(({ at }) => at >= drawn.from && at < drawn.to).length)
      },
    ),
    { numRuns: 40, seed: 11 },
  )
})

test('a spike of one sample is in the month as high as it was', async () => {
  const month = 30 * 24 * HOUR
  const calm: Sample = { at: START, psiMemSomeAvg10: 0.5 }
  await insertSamples(hostId, [
    calm,
    { at: START + 10_000, psiMemSomeAvg10: 97.25 },
    { at: START + 20_000, psiMemSomeAvg10: 0.75 },
  ])
  const drawn = await listSeries(
    hostId,
    { from: START - month, to: START + HOUR },
    { points: 1000, fields: ['psiMemSomeAvg10'] },
  )
  expect(drawn.resolution).toBe(600_000)
  expect(drawn.fields.psiMemSomeAvg10).toMatchObject({ min: [0.5], max: [97.25], last: [0.75], count: [3] })
})

test('a second source of an instant fills what the first did not tell and changes nothing it did', async () => {
  const first = { at: START, memTotal: 4096 * MIB, memFree: 100 * MIB }
  const second = { at: START, memFree: 50 * MIB, swapFree: 7 * MIB }
  expect(await insertSamples(hostId, [first])).toBe(1)
  expect(await insertSamples(hostId, [second])).toBe(1)
  expect(await insertSamples(hostId, [second])).toBe(0)
  const [stored] = await listSamples(hostId, { from: START, to: START })
  expect(stored).toEqual({ at: START, memTotal: 4096 * MIB, memFree: 100 * MIB, swapFree: 7 * MIB })
  expect((await rollupsOf('memFree'))[0]).toMatchObject({ min: 100 * MIB, max: 100 * MIB, count: 1 })
  expect((await rollupsOf('swapFree'))[0]).toMatchObject({ min: 7 * MIB, count: 1 })
})

test('the same batch sent fifty times at once is stored once', async () => {
  const batch = Array.from({ length: 30 }, (_, index) => ({ at: START + index * 10_000, memFree: index }))
  const changed = await Promise.all(Array.from({ length: 50 }, () => insertSamples(hostId, batch)))
  expect(changed.reduce((sum, rows) => sum + rows, 0)).toBe(30)
  const hour = (await rollupsOf('memFree')).find(({ tier }) => tier === HOUR)
  expect(hour).toMatchObject({ min: 0, max: 29, sum: 435, last: 29, count: 30 })
})

test('a late sample changes its minute but not what came last', async () => {
  await insertSamples(hostId, [{ at: START + 50_000, memFree: 5 }])
  await insertSamples(hostId, [{ at: START + 10_000, memFree: 9 }])
  expect((await rollupsOf('memFree'))[0]).toMatchObject({ min: 5, max: 9, sum: 14, last: 5, count: 2 })
})

test('a field that a bucket does not tell is null in it, not 0', async () => {
  await insertSamples(hostId, [
    { at: START, memFree: 5 },
    { at: START + 60_000, swapFree: 7 },
  ])
  const range = { from: START, to: START + 24 * HOUR }
  const drawn = await listSeries(hostId, range, { points: 1440, fields: ['memFree', 'swapFree', 'oomKills'] })
  expect(drawn.resolution).toBe(60_000)
  expect(drawn.fields.memFree).toEqual({ min: [5], max: [5], avg: [5], last: [5], count: [1] })
  expect(drawn.fields.oomKills).toEqual({
    min: [null],
    max: [null],
    avg: [null],
    last: [null],
    count: [0],
    sum: [null],
  })
})

test('kills are added up over a bucket', async () => {
  await insertSamples(hostId, [
    { at: START, oomKills: 2 },
    { at: START + 10_000, oomKills: 0 },
    { at: START + 20_000, oomKills: 3 },
  ])
  const drawn = await listSeries(hostId, { from: START, to: START + 24 * HOUR }, { points: 10, fields: ['oomKills'] })
  expect(drawn.fields.oomKills?.sum).toEqual([5])
})

test('slow samples have no gaps between them, a missing hour is one', async () => {
  const every = 600_000
  const samples = [0, 1, 2, 3, 10, 11, 12].map((step) => ({ at: START + step * every, memFree: step }))
  await insertSamples(hostId, samples)
  const drawn = await listSeries(hostId, { from: START, to: START + 2 * HOUR }, { fields: ['memFree'] })
  expect(drawn.stepMs).toBe(every)
  expect(drawn.gaps).toEqual([{ from: START + 3 * every, to: START + 10 * every, edge: 'inside' }])
})

test('a gap of some hours is told in a year, which is drawn from quarters of days', async () => {
  const hours = [...Array.from({ length: 12 }, (_, hour) => hour), ...Array.from({ length: 6 }, (_, hour) => hour + 16)]
  await insertSamples(
    hostId,
    hours.map((hour) => ({ at: START + hour * HOUR, memFree: 100 + hour })),
  )
  const drawn = await listSeries(
    hostId,
    { from: START - 300 * 24 * HOUR, to: START + 65 * 24 * HOUR },
    { fields: ['memFree'] },
  )
  expect(drawn.resolution).toBe(6 * HOUR)
  expect(drawn.stepMs).toBe(HOUR)
  expect(drawn.gaps).toContainEqual({ from: START + 11 * HOUR, to: START + 16 * HOUR, edge: 'inside' })
  const { min = [], max = [] } = drawn.fields.memFree ?? {}
  expect(Math.min(...min.map((value) => value ?? 999))).toBe(100)
  expect(Math.max(...max.map((value) => value ?? 0))).toBe(121)
})

test('taking back an upload leaves the rollups of what others told', async () => {
  const uploadId = newId()
  await pool.query(`insert into "Host" ("id", "name", "firstSeenAt", "lastSeenAt") values ($1, $1, now(), now())`, [
    hostId,
  ])
  await pool.query(`insert into "Upload" ("id", "name") values ($1, 'sar.txt')`, [uploadId])
  await pool.query(`insert into "UploadHost" ("uploadId", "hostId") values ($1, $2)`, [uploadId, hostId])
  const others = [
    { at: START, memFree: 100 },
    ...[1, 2, 3, 4, 5, 6].map((hour) => ({ at: START + hour * HOUR, memFree: 100 - hour })),
  ]
  await insertSamples(hostId, others)
  await insertSamples(hostId, [{ at: START + 10_000, memFree: 1 }], { uploadId })
  const changed = await inTransaction((client) => withdrawSamples(client, uploadId))
  expect(changed).toEqual([{ hostId, from: START + 10_000, to: START + 10_000 }])
  expect(await rollupsOf('memFree')).toEqual(rollupsByHand(others, 'memFree'))
})

test('a host of which only rollups are left is not forgotten', async () => {
  await pool.query(`insert into "Host" ("id", "name", "firstSeenAt", "lastSeenAt") values ($1, $1, now(), now())`, [
    hostId,
  ])
  await insertSamples(hostId, [{ at: START, memFree: 100 }])
  await pool.query('delete from "MemorySample" where "hostId" = $1', [hostId])
  await forgetEmptyHosts(pool, [hostId])
  expect(await findHost(hostId)).not.toBeNull()
})

test('rolled back with the transaction that stored it', async () => {
  const failing = inTransaction(async (client) => {
    await insertSamples(hostId, [{ at: START, memFree: 1 }], { client })
    throw new Error('after all')
  })
  await expect(failing).rejects.toThrow('after all')
  expect(await rollupsOf('memFree')).toEqual([])
})

test('the order of fields in rollups never changes: new ones come at the end', () => {
  expect(SAMPLE_FIELDS.slice(0, 29).join(' ')).toBe(
    'memTotal memFree memAvailable memUsed buffers cached shmem anonPages sReclaimable sUnreclaim pageTables ' +
      'kernelStack committedAs commitLimit dirty writeback swapTotal swapFree swapCached swapInPerSec swapOutPerSec ' +
      'majorFaultsPerSec allocStallPerSec oomKills load1 load5 load15 psiMemSomeAvg10 psiMemFullAvg10',
  )
})
