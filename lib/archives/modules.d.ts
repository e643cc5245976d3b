// The two inner modules of unbzip2-stream: its own stream collects each byte of a block in an array of numbers, which a
// hostile block grows to 46 million entries.
declare module 'unbzip2-stream/lib/bit_iterator.js' {
  /** Reads so many bits; null aligns to the next byte. */
  export interface BitReader {
    (bits: number | null): number
    bytesRead: number
  }
  /** @param nextBuffer called for more; it throws a TypeError when there is none */
  export default function bitIterator(nextBuffer: () => Uint8Array | undefined): BitReader
}

declare module 'unbzip2-stream/lib/bzip2.js' {
  import type { BitReader } from 'unbzip2-stream/lib/bit_iterator.js'

  const bzip2: {
    /** Reads "BZh9"; gives the block size in units of 100,000 bytes. */
    header(bits: BitReader): number
    /** Unpacks one block into `take`, byte by byte; null at the end of the stream, after checking its sum. */
    decompress(
      bits: BitReader,
      take: (byte: number) => void,
      work: Int32Array,
      workLength: number,
      sum: number,
    ): number | null
  }
  export default bzip2
}
