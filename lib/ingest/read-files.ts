import { setImmediate as nextTurn } from 'node:timers/promises'
import { createFileReader } from '@/lib/analysis/file-reader'
import type { Claim } from '@/lib/db/queue'
import { readPieces } from '@/lib/db/upload-bytes'
import type { ReadFile } from '@/lib/ingest/read-upload'

/** Reads the bytes of an upload, piece by piece; the memory it takes does not grow with the file. */
export async function readFiles(claim: Claim, signal: AbortSignal): Promise<ReadFile[]> {
  const reader = createFileReader(claim.hints)
  for await (const piece of readPieces(claim.uploadId)) {
    signal.throwIfAborted()
    reader.push(piece)
    // Lets the lease be extended and a signal to stop be heard between two pieces.
    await nextTurn()
  }
  return [{ member: 0, analysis: reader.end() }]
}
