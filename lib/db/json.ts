import type { Prisma } from '@/lib/db/generated/client'

/** A JSON column back as the type it was written from. Only for columns that this folder alone writes. */
export function fromJson<T>(value: Prisma.JsonValue): T {
  // Guaranteed by toJson on the way in: the column holds nothing but a T.
  return value as T
}

/** Text for a jsonb parameter. PostgreSQL refuses U+0000 in text; log lines may hold it. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, member) =>
    typeof member === 'string' && member.includes('\u0000') ? member.replaceAll('\u0000', '\ufffd') : member,
  )
}
