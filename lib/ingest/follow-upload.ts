import { setTimeout as pause } from 'node:timers/promises'
import { type Claim, claimUpload, releaseClaim } from '@/lib/db/queue'
import { readPieces } from '@/lib/db/upload-bytes'
import { findUploadState } from '@/lib/db/uploads'
import { readArriving } from '@/lib/ingest/read-files'
import { storeRead } from '@/lib/ingest/read-upload'
import type { EpochMs } from '@/lib/units'

const LOOK_EVERY_MS = 40
/** So often it may have to be waited for a piece, some ten seconds altogether: following a slow sender gains nothing. */
const LOOKS = 250
const DAY_MS = 86_400_000

/** Why an upload is no longer followed; it is read in its turn when it is complete. */
class Unfollowed extends Error {}

/**
 * Reads a plain upload while its bytes arrive, so that little is left to do when the last one has. Nothing of it is
 * stored before the upload is complete and claimed: one that breaks off, or that another reader takes, leaves no trace,
 * and one that is given up here is read like any other.
 *
 * @param claim what `findArriving` answered; it is held from the end of the bytes on
 * @param signal gives up: the reader has other work
 * @returns false when it was given up
 * @throws AppError as `readUpload`; whatever the database throws
 */
export async function followUpload(claim: Claim, signal: AbortSignal): Promise<boolean> {
  try {
    const files = await readArriving(claim, arrivingPieces(claim, signal), signal)
    return files !== null && (await storeRead(claim, files))
  } catch (error) {
    if (!(error instanceof Unfollowed) && !signal.aborted) throw error
    await releaseClaim(claim)
    return false
  }
}

/** The pieces of an upload in their order as they come; at their end the upload is held and `claim` is the claim on it. */
async function* arrivingPieces(claim: Claim, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let isHeld = false
  let looks = 0

  async function waitFor(): Promise<boolean> {
    if (isHeld) return false
    const upload = await findUploadState(claim.uploadId)
    if (upload?.state === 'received') {
      await hold(claim)
      isHeld = true
      // A piece may have come between the last look and the end of the upload.
      return true
    }
    looks += 1
    if (upload?.state !== 'receiving' || looks > LOOKS) throw new Unfollowed()
    await pause(LOOK_EVERY_MS, undefined, { signal })
    return true
  }

  yield* readPieces(claim.uploadId, 0, waitFor)
}

/** Takes the upload and completes what was not known of it before its end. */
async function hold(claim: Claim): Promise<void> {
  const begun = claim.hints.receivedAt
  const held = await claimUpload(claim.owner, claim.uploadId)
  if (!held) throw new Unfollowed()
  Object.assign(claim, held, { hints: Object.assign(claim.hints, held.hints) })
  // The day of arrival was asked for while reading, to tell dates of the log's lines from dates it speaks of.
  if (dayOf(begun) !== dayOf(held.hints.receivedAt)) throw new Unfollowed()
}

function dayOf(at: EpochMs | null): number | null {
  return at === null ? null : Math.floor(at / DAY_MS)
}
