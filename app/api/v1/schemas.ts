import { z } from 'zod'
import { accountDraft } from '@/lib/auth/accounts'
import { ROLES } from '@/lib/auth/roles'
import { TOKEN_SCOPES } from '@/lib/db/tokens'
import { env } from '@/lib/env'
import { cursor, hostname, hostPattern, instant, year, zone } from '@/lib/http/search'
import { CAUSE_CLASSES } from '@/lib/incidents/incident'
import { DETAILS } from '@/lib/metrics/bucketed'
import { SAMPLE_FIELDS } from '@/lib/metrics/sample'

/** What requests to `/api/v1` may say: the routes read them with these, and `/api/openapi.json` is made of them. */

/** A page of a list, newest first. */
export const pageSearch = z.object({
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

export const incidentSearch = z.object({
  text: z.string().max(200).optional(),
  host: hostname.optional(),
  class: z.enum(CAUSE_CLASSES).optional(),
  from: instant.optional(),
  to: instant.optional(),
  ...pageSearch.shape,
})

export const seriesSearch = z
  .object({
    from: instant,
    to: instant,
    points: z.coerce.number().int().min(2).max(1000).default(1000),
    /** Names of SAMPLE_FIELDS with commas between; all when left out. */
    fields: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(z.enum(SAMPLE_FIELDS)))
      .default([...SAMPLE_FIELDS]),
    detail: z.enum(DETAILS).default('all'),
    /** How many of the largest processes and cgroups to tell as well. */
    processes: z.coerce.number().int().min(0).max(50).default(0),
    cgroups: z.coerce.number().int().min(0).max(50).default(0),
  })
  .refine(({ from, to }) => from < to, { path: ['from'], message: 'from must lie before to' })

export const logSearch = z.object({
  host: hostname.optional(),
  /** The file's name; part of what its receipt shows, and evidence for the year. */
  name: z.string().trim().min(1).max(255).optional(),
  tz: zone.optional(),
  year: year.optional(),
  /** Modification time of the file. */
  modified: instant.optional(),
})

export const metricsSearch = z.object({ host: hostname.optional() })

const lineNumber = z.coerce.number().int().min(1)
export const lineSearch = z.object({ from: lineNumber, to: lineNumber })

/** Null gives the choice back to the text; what is left out stays. */
export const uploadRevision = z.strictObject({
  year: year.nullable().optional(),
  zone: zone.nullable().optional(),
  host: hostname.nullable().optional(),
})

export const noteDraft = z.strictObject({
  text: z.string().trim().min(1).max(10_000),
  at: instant.nullable().default(null),
  isAtUncertain: z.boolean().default(false),
  isOtherBoot: z.boolean().default(false),
})

export const shareDraft = z.strictObject({
  days: z.number().int().min(1).max(env.OOMSCOPE_SHARE_DAYS).default(Math.min(7, env.OOMSCOPE_SHARE_DAYS)),
  /** False shows names as they are. */
  redact: z.boolean().default(true),
})

export const tokenDraft = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(TOKEN_SCOPES)).min(1).default(['ingest']),
  /** The only host it may write for, or a pattern of hosts such as `web-*`. */
  host: hostPattern.nullable().default(null),
  /** Null: it does not expire. */
  days: z.number().int().min(1).max(3650).nullable().default(null),
})

export const invitationDraft = z.strictObject({
  role: z.enum(ROLES),
  /** Whom it is for. */
  note: z.string().trim().max(100).default(''),
  days: z.number().int().min(1).max(30).default(7),
})

export const roleChange = z.strictObject({ role: z.enum(ROLES) })

/** An account made with the key of a one-time link: the first start's, or an invitation's. */
export const keyedAccount = accountDraft.extend({ key: z.string().max(200) })
