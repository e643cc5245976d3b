import { describe, expect, test } from 'vitest'
import { type ContainerState, containersOf } from '@/lib/ingest/containers'
import type { ContainerReading } from '@/lib/ingest/protocols/protocol'

const T0 = 1_795_488_000_000
const PATH = '/kubepods/burstable/pod7f9c/4be1'
const NAME = 'shop/cart-7d9/app'
const MIB = 1024 ** 2

function level(at: number, which: 'usage' | 'limit' | 'swap', value: number, path: string | null = PATH) {
  return { host: null, at, path, name: NAME, level: which, value } satisfies ContainerReading
}

function kills(at: number, value: number): ContainerReading {
  return { host: null, at, path: PATH, name: NAME, total: 'oomKills', value }
}

function killed(at: number, isOomKilled: boolean): ContainerReading {
  return { host: null, at, path: null, name: NAME, isOomKilled }
}

test('levels of one instant are one entry of its list, with the name', () => {
  const { parts } = containersOf([level(T0, 'usage', 50 * MIB), level(T0, 'limit', 64 * MIB)], new Map())
  expect(parts).toMatchObject([{ at: T0, cgroups: [{ path: PATH, name: NAME, usage: 50 * MIB, limit: 64 * MIB }] }])
})

test('0 and what no machine has are no limit', () => {
  for (const none of [0, 2 ** 63]) {
    const { parts } = containersOf([level(T0, 'usage', 1), level(T0, 'limit', none)], new Map())
    expect(parts[0]?.cgroups[0]?.limit).toBeNull()
  }
})

test('a limit that is told of the name alone holds for its cgroup', () => {
  const state: ContainerState = new Map()
  containersOf([level(T0, 'limit', 64 * MIB, null)], state)
  expect(containersOf([level(T0 + 5_000, 'usage', 1)], state).parts[0]?.cgroups[0]?.limit).toBe(64 * MIB)
})

describe('kills that a total counts', () => {
  test('are its rise since the value before, once', () => {
    const state: ContainerState = new Map()
    expect(containersOf([kills(T0, 2)], state).kills).toEqual([])
    const rise = { since: T0, from: 2, to: 3 }
    expect(containersOf([kills(T0 + 15_000, 3)], state).kills).toEqual([
      { at: T0 + 15_000, path: PATH, name: NAME, rise },
    ])
    expect(containersOf([kills(T0 + 15_000, 3), kills(T0, 2)], state).kills).toEqual([])
  })

  test('after a new start are all it counts', () => {
    const state: ContainerState = new Map()
    containersOf([kills(T0, 4)], state)
    expect(containersOf([kills(T0 + 15_000, 1)], state).kills).toMatchObject([{ rise: { from: 0, to: 1 } }])
  })
})

describe('OOMKilled', () => {
  test('of a container that was known before is a kill, and stays one kill while it stands', () => {
    const state: ContainerState = new Map()
    containersOf([level(T0, 'limit', 64 * MIB, null)], state)
    expect(containersOf([killed(T0 + 30_000, true)], state).kills).toEqual([
      { at: T0 + 30_000, path: null, name: NAME, rise: null },
    ])
    expect(containersOf([killed(T0 + 60_000, true)], state).kills).toEqual([])
    containersOf([killed(T0 + 90_000, false)], state)
    expect(containersOf([killed(T0 + 120_000, true)], state).kills).toHaveLength(1)
  })

  test('told with the first that is heard of a container is no kill of this moment, in any order', () => {
    const parts = [level(T0, 'limit', 64 * MIB, null), killed(T0, true)]
    for (const order of [parts, [...parts].reverse()]) {
      const state: ContainerState = new Map()
      for (const part of order) expect(containersOf([part], state).kills).toEqual([])
      expect(containersOf([killed(T0 + 30_000, true)], state).kills).toEqual([])
    }
  })
})
