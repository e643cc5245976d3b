import { beforeAll, expect, test } from 'vitest'
import { insertCgroups, listCgroupSeries } from '@/lib/db/cgroups'
import { pool } from '@/lib/db/client'
import { newId } from '@/lib/db/ids'
import { listPartitions } from '@/lib/db/partitions'
import { insertProcesses, listProcessSeries } from '@/lib/db/processes'
import { applyRetention } from '@/lib/db/retention'
import { insertSamples, listSamples } from '@/lib/db/samples'
import { listSeries } from '@/lib/db/series'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = Date.now()
const TODAY = Math.floor(NOW / DAY) * DAY
/** Two days before today: kept now, and 14 days after it no more. */
const DAY_AT_STAKE = TODAY - 2 * DAY
const LATER = DAY_AT_STAKE + 16 * DAY

const hostId = newId()
const samples = [
  { at: DAY_AT_STAKE + 5 * HOUR, memFree: 500 },
  { at: DAY_AT_STAKE + 5 * HOUR + 10_000, memFree: 7 },
]
const nearIncident = { at: DAY_AT_STAKE + 12 * HOUR + 30_000, memFree: 42 }
const uploaded = { at: DAY_AT_STAKE + 20 * HOUR, memFree: 64 }

const tableOf = { name: 'MemorySample', rest: 'MemorySample_kept', unit: 'day' } as const

beforeAll(async () => {
  await applyRetention(NOW)
  await pool.query(`insert into "Host" ("id", "name", "firstSeenAt", "lastSeenAt") values ($1, $1, now(), now())`, [
    hostId,
  ])
  await insertSamples(hostId, [...samples, nearIncident])
  await insertSamples(hostId, [uploaded], { uploadId: newId() })
  await insertProcesses(hostId, [
    { at: nearIncident.at, processes: [{ pid: 7, comm: 'java', rss: 900, swap: 100, oomScoreAdj: 0 }] },
    { at: samples[0]?.at ?? 0, processes: [{ pid: 8, comm: 'cc1', rss: 10, swap: null, oomScoreAdj: null }] },
  ])
  await pool.query(
    `insert into "Incident" ("id", "hostId", "anchorId", "from", "to", "listedAt", "title", "class", "confidence", "pattern",
       "findings", "fingerprint", "assumptions", "end", "killCount", "killTimes", "isTimeUncertain", "isSample", "searchText", "updatedAt")
     values ($1, $1, 'k', $2, $2, $2, '{}', 'unknown', 'low', 'unknown', '[]', 'f', '[]', 'last-kill', 1, '{}', false, false, '', now())`,
    [hostId, new Date(nearIncident.at)],
  )
})

test('samples lie in the partition of their day, made ahead', async () => {
  const partitions = await listPartitions(tableOf, pool)
  expect(partitions.map(({ from }) => from)).toEqual(
    Array.from({ length: 18 }, (_, index) => TODAY - 14 * DAY + index * DAY),
  )
  const { rows } = await pool.query<{ name: string }>(
    `select distinct tableoid::regclass::text as "name" from "MemorySample" where "hostId" = $1`,
    [hostId],
  )
  const day = new Date(DAY_AT_STAKE).toISOString().slice(0, 10).replaceAll('-', '_')
  expect(rows).toEqual([{ name: `"MemorySample_${day}"` }])
})

test('a second round at the same time does nothing', async () => {
  expect(await applyRetention(NOW)).toEqual({ made: [], dropped: [], keptRows: 0 })
})

test('after its time a day is dropped but for the hours of uploads and incidents; its rollups stay', async () => {
  const report = await applyRetention(LATER)
  expect(report?.dropped).toContain(
    `MemorySample_${new Date(DAY_AT_STAKE).toISOString().slice(0, 10).replaceAll('-', '_')}`,
  )
  const range = { from: DAY_AT_STAKE, to: DAY_AT_STAKE + DAY - 1 }
  expect(await listSamples(hostId, range)).toEqual([nearIncident, uploaded])
  const { rows } = await pool.query(
    `select count(*)::int as "count" from "MemoryRollup" where "hostId" = $1 and "tier" = 60000`,
    [hostId],
  )
  expect(rows).toEqual([{ count: 3 }])
  const { processes } = await listProcessSeries(hostId, range)
  expect(processes).toMatchObject([{ pid: 7, comm: 'java', peak: 1000 }])
})

test('a range whose samples were dropped is drawn from the finest rollup that is left, kept hours from samples', async () => {
  const long = 40 * DAY
  const at = TODAY - long
  const old = newId()
  await insertSamples(old, [
    { at: at + 10_000, memFree: 3 },
    { at: at + 20_000, memFree: 1 },
    { at: at + HOUR + 10_000, memFree: 8 },
    { at: at + HOUR + 20_000, memFree: 9 },
  ])
  await pool.query(`delete from "MemorySample" where "hostId" = $1 and "at" < $2`, [old, new Date(at + HOUR)])
  const drawn = await listSeries(old, { from: at, to: at + 2 * HOUR - 1 }, { fields: ['memFree'] })
  expect(drawn.resolution).toBe('raw')
  expect(drawn.fields.memFree).toMatchObject({ min: [1, 8, 9], max: [3, 8, 9], count: [2, 1, 1] })
})

test('processes are told by size over time, null while not among the largest', async () => {
  const host = newId()
  await insertProcesses(host, [
    { at: DAY_AT_STAKE, processes: [{ pid: 1, comm: 'a', rss: 10, swap: null, oomScoreAdj: 0 }] },
    {
      at: DAY_AT_STAKE + 10_000,
      processes: [
        { pid: 2, comm: 'b', rss: 30, swap: 5, oomScoreAdj: -17 },
        { pid: 1, comm: 'a', rss: 20, swap: 1, oomScoreAdj: 0 },
      ],
    },
  ])
  const { at, processes } = await listProcessSeries(host, { from: DAY_AT_STAKE, to: DAY_AT_STAKE + 60_000 })
  expect(at).toHaveLength(2)
  expect(processes).toEqual([
    { pid: 2, comm: 'b', peak: 35, rss: [null, 30], swap: [null, 5] },
    { pid: 1, comm: 'a', peak: 21, rss: [10, 20], swap: [null, 1] },
  ])
})

test('a repeated list of cgroups changes nothing, and kills in a bucket are added up', async () => {
  const host = newId()
  const lists = [0, 10_000].map((offset) => ({
    at: DAY_AT_STAKE + offset,
    cgroups: [{ path: '/app', usage: 100 + offset, limit: 20_000, swap: null, oomKills: 1 }],
  }))
  expect(await insertCgroups(host, lists)).toBe(2)
  expect(await insertCgroups(host, lists)).toBe(0)
  const { cgroups } = await listCgroupSeries(host, { from: DAY_AT_STAKE, to: DAY_AT_STAKE + DAY }, { points: 10 })
  expect(cgroups).toEqual([
    { path: '/app', peak: 10_100, usage: [10_100], limit: [20_000], swap: [null], oomKills: [2] },
  ])
})
