import { prisma } from '@/lib/db/client'
import { type Keyset, readCursor, writeCursor } from '@/lib/db/cursor'
import { newId } from '@/lib/db/ids'
import type { EpochMs } from '@/lib/units'

/** What the audit log tells of: changes of who may see what, and deletions. */
export const AUDIT_ACTIONS = [
  'token-made',
  'token-revoked',
  'share-made',
  'share-revoked',
  'invitation-made',
  'invitation-withdrawn',
  'user-made',
  'role-changed',
  'user-removed',
  'upload-deleted',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** Who did something: a person, a program with a token, or whoever has a shell on the server. */
export interface Actor {
  kind: 'user' | 'token' | 'command-line'
  id: string | null
  name: string
}

export const COMMAND_LINE: Actor = { kind: 'command-line', id: null, name: 'command line' }

export interface AuditEntry {
  id: string
  at: EpochMs
  actor: Actor
  action: AuditAction
  /** What it was done to, by the name it had then. */
  subject: string
}

const PAGE = 50
const SUBJECT_LIMIT = 300

/** Writes what was just done. */
export async function recordAudit(actor: Actor, action: AuditAction, subject: string): Promise<void> {
  await prisma.auditEntry.create({
    data: {
      id: newId(),
      actorKind: actor.kind,
      actorId: actor.id,
      actor: actor.name,
      action,
      subject: subject.slice(0, SUBJECT_LIMIT),
    },
  })
}

/** Newest first; `next` is the cursor of the following page. @throws AppError 'invalid' for a cursor that is none */
export async function listAudit({ cursor, limit = PAGE }: { cursor?: string; limit?: number } = {}): Promise<{
  items: AuditEntry[]
  next: string | null
}> {
  const rows = await prisma.auditEntry.findMany({
    where: cursor === undefined ? {} : after(readCursor(cursor)),
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  })
  const items = rows.slice(0, limit).map(({ actorKind, actorId, actor, at, action, ...row }) => ({
    id: row.id,
    at: at.getTime(),
    // Written from Actor and AuditAction by recordAudit alone.
    actor: { kind: actorKind as Actor['kind'], id: actorId, name: actor },
    action: action as AuditAction,
    subject: row.subject,
  }))
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? writeCursor({ at: last.at, id: last.id }) : null }
}

function after({ at, id }: Keyset) {
  return { OR: [{ at: { lt: new Date(at) } }, { at: new Date(at), id: { lt: id } }] }
}
