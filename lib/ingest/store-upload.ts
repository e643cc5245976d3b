import { createHash } from 'node:crypto'
import { announceUpload } from '@/lib/db/queue'
import { abandonUpload, beginUpload, completeUpload, storePiece, type UploadDescription } from '@/lib/db/upload-bytes'
import { AppError } from '@/lib/errors'
import { createPieces, type Piece } from '@/lib/ingest/pieces'

/** Pieces being stored at the same time; the next ones wait, and with them the sender. */
const IN_FLIGHT = 4
/** With this piece a reader is told that an upload arrives which is worth following; shorter ones are complete by then. */
const TELLING_PIECE = 4

export interface StoredUpload {
  uploadId: string
  /** False when the same bytes for the same host were stored before. */
  isNew: boolean
}

/**
 * Stores a body piece by piece as it arrives and queues it for reading. Durable when it returns; when it throws nothing
 * is kept.
 *
 * @throws AppError 'invalid' when there is not one byte, and whatever `bytes` throws
 */
export async function storeUpload(
  description: UploadDescription,
  bytes: AsyncIterable<Uint8Array>,
): Promise<StoredUpload> {
  const uploadId = await beginUpload(description)
  const hash = createHash('sha256')
  const pieces = createPieces()
  const inFlight = new Set<Promise<void>>()
  let failure: { error: unknown } | null = null
  let sizeBytes = 0
  try {
    const store = async (piece: Piece) => {
      while (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight)
      if (failure) throw failure.error
      const { bytes: content, ...place } = piece
      const task: Promise<void> = storePiece({ uploadId, member: 0, ...place }, content)
        .then(() => (place.index === TELLING_PIECE ? announceUpload(uploadId, 'receiving') : undefined))
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(() => inFlight.delete(task))
      inFlight.add(task)
    }
    for await (const chunk of bytes) {
      hash.update(chunk)
      sizeBytes += chunk.length
      for (const piece of pieces.push(chunk)) await store(piece)
    }
    for (const piece of pieces.end()) await store(piece)
    await Promise.all(inFlight)
    // Set by the tasks above; the compiler does not see that.
    const failed = failure as { error: unknown } | null
    if (failed) throw failed.error
    if (sizeBytes === 0) throw new AppError('invalid', 'The body is empty; nothing was stored.')
    return await completeUpload(uploadId, { sha256: hash.digest('hex'), sizeBytes, lines: pieces.lines() })
  } catch (error) {
    await Promise.all(inFlight)
    await abandonUpload(uploadId).catch(() => {
      // The database is away: the piece is cleared by the queue's own tidying.
    })
    throw error
  }
}
