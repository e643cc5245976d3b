import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listIncidentsOfUpload } from '@/lib/db/incident-summaries'
import { listNotes } from '@/lib/db/notes'
import { listSampleUploads } from '@/lib/db/uploads'
import { AppError } from '@/lib/errors'
import { addNote } from '@/lib/ingest/notes'
import { removeUpload } from '@/lib/ingest/remove-upload'
import { SAMPLE_FILES, SAMPLE_NOTES } from '@/lib/ingest/sample-incidents'
import { storeUpload } from '@/lib/ingest/store-upload'
import { waitForReceipt } from '@/lib/ingest/wait'

const WAIT_MS = 30_000
const RETRY_AFTER_SECONDS = 5

/**
 * Loads the sample incidents through the same door as every other log. Doing it twice changes nothing.
 *
 * @returns ids of the sample incidents
 * @throws AppError 'unavailable' when the worker does not read them in time
 */
export async function loadSamples(signal: AbortSignal): Promise<string[]> {
  const incidentIds = new Set<string>()
  for (const file of SAMPLE_FILES) {
    // Served to browsers as well, so it lies where the server's static files lie.
    const path = join(process.cwd(), 'public/samples', file.name)
    const bytes = await readFile(/* turbopackIgnore: true */ path)
    const { uploadId } = await storeUpload(
      { ...file, isHostFixed: true, modifiedAt: null, isSample: true, createdBy: null },
      chunks(bytes),
    )
    const state = await waitForReceipt(uploadId, { upToMs: WAIT_MS, signal })
    if (state !== 'read') {
      throw new AppError('unavailable', 'The samples are stored but not read yet. Try again.', [], RETRY_AFTER_SECONDS)
    }
    for (const { id } of await listIncidentsOfUpload(uploadId)) {
      incidentIds.add(id)
      await addSampleNotes(id, SAMPLE_NOTES[file.name] ?? [])
    }
  }
  return [...incidentIds]
}

/** Removes the sample incidents and everything that came with them. */
export async function removeSamples(): Promise<void> {
  for (const uploadId of await listSampleUploads()) await removeUpload(uploadId)
}

async function addSampleNotes(incidentId: string, notes: (typeof SAMPLE_NOTES)[string]): Promise<void> {
  const known = new Set((await listNotes(incidentId)).map(({ text }) => text))
  for (const note of notes) {
    if (!known.has(note.text)) await addNote({ ...note, incidentId, authorId: null })
  }
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
