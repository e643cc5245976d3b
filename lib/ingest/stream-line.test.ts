import { describe, expect, test } from 'vitest'
import { chooseKept, endOfDay } from '@/lib/ingest/keeping'
import type { WireLine } from '@/lib/ingest/protocols/protocol'
import { toStreamLines, WEIGHT } from '@/lib/ingest/stream-line'
import { createDecoder } from '@/lib/logs/registry'

const NS = 1_795_488_349_399_005_123n
const origin = { host: 'cart-3', batch: 'b1', receivedAt: Date.parse('2026-11-24T13:00:00Z') }

function line(text: string, about: Partial<WireLine> = {}): WireLine {
  return {
    host: 'cart-3',
    atNs: NS,
    program: 'kernel',
    pid: null,
    priority: 6,
    bootId: null,
    monotonicUs: null,
    text,
    ...about,
  }
}

describe('a stored line', () => {
  test('is read by the log reader without loss', () => {
    const sent = line('java invoked oom-killer: gfp_mask=0x100cca, order=0', {
      bootId: '5b7d3c1e9f024b6d8a1c2e3f4a5b6c7d',
      monotonicUs: 1_142_532_551,
    })
    const [stored] = toStreamLines([sent], origin)
    expect(stored?.text).toBe(
      '<6>1 2026-11-24T02:45:49.399005Z cart-3 kernel - - [journal@32473 boot="5b7d3c1e9f024b6d8a1c2e3f4a5b6c7d"] [ 1142.532551] java invoked oom-killer: gfp_mask=0x100cca, order=0',
    )
    expect(createDecoder()(stored?.text ?? '')).toMatchObject({
      host: 'cart-3',
      program: 'kernel',
      uptimeSeconds: 1142.532551,
      boot: '5b7d3c1e9f024b6d8a1c2e3f4a5b6c7d',
      message: 'java invoked oom-killer: gfp_mask=0x100cca, order=0',
    })
  })

  test('names its program and process, and holds neither NUL nor line feed', () => {
    const [stored] = toStreamLines([line('a\0b', { program: 'systemd oomd', pid: 581, priority: 3 })], origin)
    expect(stored?.text).toBe('<11>1 2026-11-24T02:45:49.399005Z cart-3 systemd_oomd 581 - - a b')
  })

  test('does not repeat a stamp that the line has itself', () => {
    const [stored] = toStreamLines([line('[ 1142.532551] Mem-Info:', { monotonicUs: 1_142_532_551 })], origin)
    expect(stored?.text.endsWith(' kernel - - - [ 1142.532551] Mem-Info:')).toBe(true)
  })
})

describe('the key of a line', () => {
  const keys = (lines: WireLine[], about = origin) => toStreamLines(lines, about).map(({ key }) => key.toString('hex'))

  test('is the same in every batch that has the line', () => {
    const report = [line('Mem-Info:'), line('Node 0 DMA')]
    expect(keys(report, { ...origin, batch: 'b2', receivedAt: origin.receivedAt + 1 })).toEqual(keys(report))
    expect(keys(report.slice(1))).toEqual(keys(report).slice(1))
  })

  test('of equal lines at other times is another, and of two in one moment too', () => {
    expect(new Set(keys([line('<TASK>'), line('<TASK>', { atNs: NS + 1n }), line('<TASK>')])).size).toBe(3)
  })

  test('of lines without a time is their place in their batch', () => {
    const timeless = [line('<TASK>', { atNs: null }), line('<TASK>', { atNs: null })]
    expect(new Set([...keys(timeless), ...keys(timeless)]).size).toBe(2)
    expect(keys(timeless, { ...origin, batch: 'b2' })).not.toEqual(keys(timeless))
  })
})

test('lines stamped with the same second stand in the order of the kernel’s clock', () => {
  const [first, between, last] = toStreamLines(
    [line('[ 10.000001] a'), line('no stamp of its own', { program: null }), line('[ 10.000003] b')],
    origin,
  )
  expect([first?.uptimeUs, between?.uptimeUs, last?.uptimeUs]).toEqual([10_000_001n, 10_000_001n, 10_000_003n])
})

test.each([
  ['kernel', 'Out of memory: Killed process 812 (java)', WEIGHT.telling],
  ['kernel', 'usb 1-1: new high-speed USB device', WEIGHT.kernel],
  [null, 'java invoked oom-killer: order=0', WEIGHT.telling],
  ['systemd-oomd', 'Considered 97 cgroups', WEIGHT.telling],
  ['cart', 'java.lang.OutOfMemoryError: Java heap space', WEIGHT.telling],
  ['cart', 'memory usage is fine in this room', WEIGHT.neighbour],
  ['alertmanager', 'alert firing: HostDown', WEIGHT.telling],
])('%s: %s', (program, text, weight) => {
  expect(toStreamLines([line(text, { program })], origin)[0]?.weight).toBe(weight)
})

describe('keeping', () => {
  const weights = (length: number, telling: number[]): number[] =>
    Array.from({ length }, (_, index) => (telling.includes(index) ? WEIGHT.telling : WEIGHT.neighbour))

  test('what tells stays with fifty lines on either side, and so do the last fifty', () => {
    const kept = chooseKept(weights(400, [100]))
    expect(kept.flatMap((isKept, index) => (isKept ? [index] : []))).toEqual([
      ...Array.from({ length: 101 }, (_, index) => index + 50),
      ...Array.from({ length: 50 }, (_, index) => index + 350),
    ])
  })

  test('the kernel’s lines stay without neighbours', () => {
    const all = weights(200, [])
    all[10] = WEIGHT.kernel
    expect(chooseKept(all).flatMap((isKept, index) => (isKept ? [index] : []))[0]).toBe(10)
    expect(chooseKept(all).filter(Boolean)).toHaveLength(51)
  })

  test('a day ends at midnight, or with the report that is being written then', () => {
    const midnight = BigInt(Date.parse('2026-11-25T00:00:00Z')) * 1_000_000n
    const second = 1_000_000_000n
    expect(endOfDay(midnight, [midnight - 3_600n * second])).toBe(midnight - 1n)
    expect(endOfDay(midnight, [midnight + second])).toBe(midnight - 1n)
    expect(endOfDay(midnight, [midnight - second, midnight + 66n * second, midnight + 900n * second])).toBe(
      midnight + 66n * second,
    )
  })
})
