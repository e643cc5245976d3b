import { expect, test } from 'vitest'
import { layerColumns, memoryLayers } from '@/lib/charts/memory-layers'

const MIB = 1024 ** 2
const keys = (sample: object) => memoryLayers([{ at: 0, ...sample }]).map((layer) => layer.key)

test('shared memory is taken out of the page cache, because it cannot be dropped', () => {
  const sample = {
    at: 0,
    memTotal: 100 * MIB,
    memFree: 10 * MIB,
    cached: 40 * MIB,
    shmem: 15 * MIB,
    anonPages: 30 * MIB,
  }
  const columns = layerColumns([sample])
  expect([...columns.keys()]).toEqual(['anon', 'shmem', 'other', 'cache', 'free'])
  expect(columns.get('cache')).toEqual([25 * MIB])
  expect(columns.get('other')).toEqual([20 * MIB])
})

test('a full meminfo gives every layer, from what is stuck to what is free', () => {
  const sample = {
    memTotal: 20,
    memFree: 1,
    cached: 1,
    shmem: 1,
    anonPages: 1,
    sUnreclaim: 1,
    sReclaimable: 1,
    pageTables: 1,
    kernelStack: 1,
    buffers: 1,
  }
  expect(keys(sample)).toEqual(['anon', 'shmem', 'slab', 'tables', 'other', 'buffers', 'cache', 'free'])
})

test('without anonymous memory the rest of the total is called used', () => {
  const columns = layerColumns([{ at: 0, memTotal: 100, memFree: 10, buffers: 5, cached: 25 }])
  expect([...columns.keys()]).toEqual(['used', 'buffers', 'cache', 'free'])
  expect(columns.get('used')).toEqual([60])
})

test('without a total nothing is derived', () => {
  expect(keys({ memFree: 10, buffers: 5, cached: 25 })).toEqual(['buffers', 'cache', 'free'])
  expect(keys({ swapFree: 10 })).toEqual([])
})

test('a sample that lacks a field is a hole, not a zero', () => {
  const columns = layerColumns([
    { at: 0, memTotal: 100, memFree: 10, cached: 20 },
    { at: 1, memTotal: 100, memFree: 10 },
  ])
  expect(columns.get('cache')).toEqual([20, null])
  expect(columns.get('used')).toEqual([70, null])
})
