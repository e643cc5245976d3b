import { z } from 'zod'

/** The search parameters of a request as their schema reads them. @throws ZodError, which `route` answers with 400 */
export function searchOf<Schema extends z.ZodType>(request: Pick<Request, 'url'>, schema: Schema): z.output<Schema> {
  return schema.parse(Object.fromEntries(new URL(request.url).searchParams))
}

/** A host's name as machines and people write it. */
export const hostname = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[\p{L}\p{N}._:@-]+$/u, 'A host name has letters, digits, dots, dashes, colons and underscores.')

/** A host's name in which `*` may stand for any letters. */
export const hostPattern = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[\p{L}\p{N}._:@*-]+$/u, 'A host name has letters, digits, dots, dashes, colons and underscores; * is any.')
  .refine((text) => /[^*]/.test(text), 'For any host, leave it out.')

/** An IANA zone, e.g. `Asia/Shanghai`. */
export const zone = z.string().max(64).refine(isZone, 'Not a time zone of the IANA list, such as Europe/Berlin.')

export const year = z.coerce.number().int().min(1970).max(9999)

/** An instant: milliseconds since 1970, or ISO 8601 with its offset. Read as milliseconds. */
export const instant = z.union([
  z.coerce.number().int(),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
])

export const cursor = z.string().max(200)

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
