import { gzipSync } from 'node:zlib'
import * as snappy from 'snappy'
import { describe, expect, test } from 'vitest'
import { createPacking } from '@/lib/db/packing'

const LINE = 'Mar 14 09:30:01 pack1 systemd[1]: Started session-4.scope - Session 4 of User deploy.\n'
const TEXT = Buffer.from(LINE.repeat(12_000))
/** Every byte that there is, in no order that can be packed. */
const NOISE = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * index * 31 + (index >> 3) * 7) & 0xff))

const native = createPacking(snappy)
const without = createPacking(null)

describe.each([
  ['a megabyte of lines', TEXT],
  ['noise', NOISE],
  ['one byte', Buffer.from([0x1f])],
  ['what begins like gzip', Buffer.from('1f8b0800', 'hex')],
])('%s', (_, bytes) => {
  test.each([
    ['packed and unpacked by the program', native, native],
    ['packed by the program, unpacked where there is none', native, without],
    ['packed where there is none, unpacked by the program', without, native],
    ['packed and unpacked where there is none', without, without],
  ])('%s, is the same', (_name, packing, unpacking) => {
    expect(unpacking.unpack(packing.pack(bytes)).equals(bytes)).toBe(true)
  })
})

test('a piece packed with gzip is read by both', () => {
  const packed = gzipSync(TEXT, { level: 1 })
  expect(native.unpack(packed).equals(TEXT)).toBe(true)
  expect(without.unpack(packed).equals(TEXT)).toBe(true)
})

test('lines take less than a quarter of their room', () => {
  expect(native.pack(TEXT).length).toBeLessThan(TEXT.length / 4)
})

test('a broken piece is refused, not read as something else', () => {
  const packed = native.pack(TEXT)
  expect(() => native.unpack(packed.subarray(0, 1_000))).toThrow()
  expect(() => without.unpack(packed.subarray(0, 1_000))).toThrow(/snappy/)
})
