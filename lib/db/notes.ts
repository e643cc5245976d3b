import type pg from 'pg'
import { pool, prisma } from '@/lib/db/client'
import type { Prisma } from '@/lib/db/generated/client'
import { newId } from '@/lib/db/ids'
import { AppError } from '@/lib/errors'
import type { Note } from '@/lib/incidents/incident'
import type { EpochMs } from '@/lib/units'

const select = {
  id: true,
  incidentId: true,
  at: true,
  isAtUncertain: true,
  isOtherBoot: true,
  text: true,
  author: true,
  createdAt: true,
} satisfies Prisma.NoteSelect

export interface NoteDraft {
  incidentId: string
  at: EpochMs | null
  isAtUncertain: boolean
  isOtherBoot: boolean
  text: string
  author: string
  authorId: string | null
}

/** In the order they were written. @param client a transaction that must see its own changes */
export async function listNotes(incidentId: string, client: Pick<pg.PoolClient, 'query'> = pool): Promise<Note[]> {
  const { rows } = await client.query<Row>(
    `select "id", "incidentId", "at", "isAtUncertain", "isOtherBoot", "text", "author", "createdAt"
       from "Note" where "incidentId" = $1 order by "createdAt", "id"`,
    [incidentId],
  )
  return rows.map(toNote)
}

/** @throws AppError 'not-found' when the incident does not exist */
export async function saveNote(draft: NoteDraft): Promise<Note> {
  const incident = await prisma.incident.findUnique({ where: { id: draft.incidentId }, select: { id: true } })
  if (!incident) throw new AppError('not-found', `There is no incident ${draft.incidentId}.`)
  const row = await prisma.note.create({
    data: { ...draft, id: newId(), at: draft.at === null ? null : new Date(draft.at) },
    select,
  })
  return toNote(row)
}

/**
 * Deletes a note of that incident.
 *
 * @param authorId only when this user wrote it; null: whoever wrote it
 * @throws AppError 'not-found'
 */
export async function deleteNote(incidentId: string, noteId: string, authorId: string | null): Promise<void> {
  const { count } = await prisma.note.deleteMany({
    where: { id: noteId, incidentId, ...(authorId === null ? {} : { authorId }) },
  })
  if (count === 0) throw new AppError('not-found', 'There is no such note of yours.')
}

type Row = Prisma.NoteGetPayload<{ select: typeof select }>

function toNote(row: Row): Note {
  return { ...row, at: row.at?.getTime() ?? null, createdAt: row.createdAt.getTime() }
}
