import { AppError } from '@/lib/errors'
import { type Bytes, formatBytes } from '@/lib/units'

export interface ArchiveLimits {
  /** All output of one file together. */
  expandedBytes: Bytes
  /** Files in an archive that are read. */
  entries: number
}

export const ARCHIVE_LIMITS: ArchiveLimits = { expandedBytes: 2 * 1024 ** 3, entries: 1000 }

// Deflate cannot pass 1,032:1, and one log line repeated for ever reaches 300:1; the others go further on honest logs.
const MOST_PER_INPUT_BYTE = { gz: 900, zip: 900, bz2: 10_000, xz: 10_000, zst: 10_000 } as const
const RATIO_COUNTS_FROM: Bytes = 64 * 1024 ** 2

/** Counts what comes out while it comes out, and stops what grows beyond reason. */
export interface Budget {
  readonly limits: ArchiveLimits
  /** @throws AppError 'too-large' */
  spend(bytes: Bytes): void
  /** @throws AppError 'too-large' */
  countEntry(): void
  /**
   * @param input compressed bytes read so far, for an output of `output` bytes
   * @throws AppError 'too-large' when only a bomb packs so well
   */
  checkRatio(kind: keyof typeof MOST_PER_INPUT_BYTE, input: Bytes, output: Bytes): void
}

export function createBudget(limits: ArchiveLimits): Budget {
  let spent = 0
  let entries = 0
  return {
    limits,
    spend(bytes) {
      spent += bytes
      if (spent > limits.expandedBytes)
        throw new AppError(
          'too-large',
          `Unpacked, this file is larger than ${formatBytes(limits.expandedBytes)}. Send the parts that matter.`,
        )
    },
    countEntry() {
      entries += 1
      if (entries > limits.entries)
        throw new AppError(
          'too-large',
          `This archive has more than ${limits.entries} files. Send the logs that matter.`,
        )
    },
    checkRatio(kind, input, output) {
      if (output > RATIO_COUNTS_FROM && output > input * MOST_PER_INPUT_BYTE[kind])
        throw new AppError(
          'too-large',
          `This file unpacks to more than ${MOST_PER_INPUT_BYTE[kind]} times its size, as no log does. It was not read on.`,
        )
    },
  }
}
