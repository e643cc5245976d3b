import { inTransaction } from '@/lib/db/client'
import { incidentPlace } from '@/lib/db/incident-store'
import { deleteNote, type NoteDraft, saveNote } from '@/lib/db/notes'
import type { Note } from '@/lib/incidents/incident'
import { regroupHost } from '@/lib/ingest/regroup'

/** Keeps a note and says again, with it, what happened. @throws AppError 'not-found' */
export async function addNote(draft: NoteDraft): Promise<Note> {
  const note = await saveNote(draft)
  await explainAgain(draft.incidentId)
  return note
}

/** Deletes a note that this author wrote. @throws AppError 'not-found' */
export async function removeNote(incidentId: string, noteId: string, authorId: string): Promise<void> {
  await deleteNote(incidentId, noteId, authorId)
  await explainAgain(incidentId)
}

async function explainAgain(incidentId: string): Promise<void> {
  await inTransaction(async (client) => {
    const place = await incidentPlace(client, incidentId)
    if (place) await regroupHost(client, place, place.uploads)
  })
}
