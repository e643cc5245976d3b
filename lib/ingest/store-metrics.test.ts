import { expect, test } from 'vitest'
import { pool } from '@/lib/db/client'
import { findHost } from '@/lib/db/hosts'
import { newId } from '@/lib/db/ids'
import { listSamples } from '@/lib/db/samples'
import { type Measurements, storeMetrics } from '@/lib/ingest/store-metrics'

const START = Math.floor(Date.now() / 60_000) * 60_000

function measured(...memFree: number[]): Measurements {
  return {
    samples: memFree.map((value, step) => ({ at: START + step * 1_000, memFree: value })),
    processes: [],
    cgroups: [],
  }
}

async function storedOf(host: string): Promise<(number | null | undefined)[]> {
  const known = await findHost(host)
  const series = known ? await listSamples(known.id, { from: START, to: START + 60_000 }) : []
  return series.map(({ memFree }) => memFree)
}

test('batches that arrive together are each told what was new of theirs', async () => {
  const [one, two] = [`a-${newId()}`, `b-${newId()}`]
  const answers = await Promise.all([
    storeMetrics(new Map([[one, measured(1, 2)]])),
    storeMetrics(new Map([[two, measured(3)]])),
    storeMetrics(new Map([[one, measured(1, 2, 4)]])),
    storeMetrics(new Map([[two, measured(3)]])),
  ])
  expect(answers.reduce((sum, { stored }) => sum + stored, 0)).toBe(4)
  expect(answers.map(({ stored, known }) => stored + known)).toEqual([2, 1, 3, 1])
  expect(await storedOf(one)).toEqual([1, 2, 4])
  expect(await storedOf(two)).toEqual([3])
})

test('a batch that cannot be stored takes no other with it', async () => {
  const [good, bad] = [`good-${newId()}`, `bad-${newId()}`]
  // Both writers are busy while these come in, so they wait together.
  const before = [
    storeMetrics(new Map([[`x-${newId()}`, measured(1)]])),
    storeMetrics(new Map([[`y-${newId()}`, measured(1)]])),
  ]
  const failing = storeMetrics(new Map([[bad, measured(1e30)]]))
  const storing = storeMetrics(new Map([[good, measured(7)]]))
  await expect(failing).rejects.toThrow()
  expect(await storing).toEqual({ stored: 1, known: 0 })
  await Promise.all(before)
  expect(await storedOf(good)).toEqual([7])
})

test('a host by its former and its present name is one host', async () => {
  const [name, alias] = [`web-${newId()}`, `old-${newId()}`]
  await storeMetrics(new Map([[name, measured(5)]]))
  await pool.query('update "Host" set "aliases" = $2 where "name" = $1', [name, [alias]])
  await storeMetrics(
    new Map([
      [name, measured(5, 6)],
      [alias, measured(5, 6, 7)],
    ]),
  )
  expect(await storedOf(name)).toEqual([5, 6, 7])
})
