import { gunzipSync, gzipSync } from 'node:zlib'
import { decompressSnappy } from '@/lib/snappy'

/** Room for an unpacked piece: in the small steps that are usual, half of the time goes into going back and forth. */
const ZIP_BYTES = 1024 ** 2

/** Packs pieces of uploads, which are small enough not to be waited for elsewhere. */
export interface Packing {
  pack(bytes: Uint8Array): Buffer
  /** What any `pack` on any machine made. */
  unpack(packed: Uint8Array): Buffer
}

type Snappy = Pick<typeof import('snappy'), 'compressSync' | 'uncompressSync'>

/**
 * Pieces are Snappy blocks, made and read by a program for the processor at hand. Where there is none for it they are
 * packed with gzip, and Snappy blocks that come from elsewhere are read without it. A piece tells by its first bytes
 * which of both it is: no Snappy block can begin like gzip, with a copy of something earlier.
 *
 * @param native null where there is none
 */
export function createPacking(native: Snappy | null): Packing {
  // Copied into memory that is collected early: what the program allocates itself piles up.
  const options = { copyOutputData: true }
  return {
    pack: (bytes) => (native ? native.compressSync(bytes, options) : gzipSync(bytes, { level: 1, memLevel: 9 })),
    unpack(packed) {
      if (packed[0] === 0x1f && packed[1] === 0x8b) return gunzipSync(packed, { chunkSize: ZIP_BYTES })
      if (!native) return Buffer.from(decompressSnappy(packed, Number.POSITIVE_INFINITY).buffer)
      // A buffer, because it is asked for.
      return native.uncompressSync(packed, { ...options, asBuffer: true }) as Buffer
    },
  }
}

export const { pack, unpack } = createPacking(await import('snappy').catch(() => null))
