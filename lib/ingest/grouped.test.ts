import { expect, test } from 'vitest'
import { grouped } from '@/lib/ingest/grouped'

test('what comes while work is done is done together next', async () => {
  const groups: number[][] = []
  const double = grouped(async (items: number[]) => {
    groups.push(items)
    await Promise.resolve()
    return items.map((item) => item * 2)
  }, 3)
  expect(await Promise.all([1, 2, 3, 4, 5].map(double))).toEqual([2, 4, 6, 8, 10])
  expect(groups).toEqual([[1], [2, 3, 4], [5]])
})

test('one bad item costs only itself', async () => {
  const work = grouped(async (items: number[]) => {
    await Promise.resolve()
    if (items.includes(3)) throw new Error('three')
    return items
  }, 10)
  const results = await Promise.allSettled([1, 2, 3, 4].map(work))
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
})
