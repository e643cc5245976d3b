import fc from 'fast-check'
import { compress } from 'snappyjs'
import { describe, expect, test } from 'vitest'
import { decompressSnappy } from '@/lib/snappy'

const LIMIT = 1024 * 1024

describe('snappy block format', () => {
  test('gives back what an independent encoder compressed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('node_memory_', 'db-1', 'x', '\n'), { maxLength: 400 }), (parts) => {
        const text = parts.join('')
        const packed: Uint8Array = compress(new TextEncoder().encode(text))
        expect(new TextDecoder().decode(decompressSnappy(packed, LIMIT))).toBe(text)
      }),
      { seed: 7 },
    )
  })

  test('a copy that overlaps what it writes repeats it', () => {
    // length 7, literal "a" (1 byte), copy of 6 from 1 back
    const packed = Uint8Array.of(7, 0x00, 0x61, ((6 - 1) << 2) | 2, 1, 0)
    expect(new TextDecoder().decode(decompressSnappy(packed, LIMIT))).toBe('aaaaaaa')
  })

  test('a length beyond the limit is refused before anything is allocated', () => {
    const claim = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)
    expect(() => decompressSnappy(claim, LIMIT)).toThrow(/allowed/)
  })

  test('a length that so few bytes cannot reach is refused', () => {
    expect(() => decompressSnappy(Uint8Array.of(0xff, 0xff, 0x3f, 0x00, 0x61), LIMIT)).toThrow(/cannot be reached/)
  })

  test('cut anywhere it is refused, never padded', () => {
    const packed: Uint8Array = compress(new TextEncoder().encode('oom oom oom oom killed process 1 (a)'))
    for (let length = 0; length < packed.length; length += 1) {
      expect(() => decompressSnappy(packed.subarray(0, length), LIMIT)).toThrow(/snappy/)
    }
  })

  test('a copy from before the beginning is refused', () => {
    expect(() => decompressSnappy(Uint8Array.of(5, 0x00, 0x61, ((4 - 1) << 2) | 2, 9, 0), LIMIT)).toThrow(/outside/)
  })
})
