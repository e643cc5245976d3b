import { z } from 'zod'
import { AppError } from '@/lib/errors'
import type { EpochMs } from '@/lib/units'

/** Where the next page of a list begins: after this row, in the order (time, id) descending. */
export interface Keyset {
  at: EpochMs
  id: string
}

const keyset = z.tuple([z.number().int(), z.string()])

export function writeCursor({ at, id }: Keyset): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url')
}

/** @throws AppError 'invalid' when the text is not a cursor of ours */
export function readCursor(cursor: string): Keyset {
  try {
    const [at, id] = keyset.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    return { at, id }
  } catch {
    throw new AppError('invalid', 'The cursor is not one this server gave out; leave it out to begin at the start.')
  }
}
