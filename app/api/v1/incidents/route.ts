import { z } from 'zod'
import { requireAgent } from '@/lib/auth/agent'
import { listIncidents } from '@/lib/db/incident-summaries'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'
import { cursor, hostname, instant, searchOf } from '@/lib/http/search'
import { CAUSE_CLASSES } from '@/lib/incidents/incident'

const search = z.object({
  text: z.string().max(200).optional(),
  host: hostname.optional(),
  class: z.enum(CAUSE_CLASSES).optional(),
  from: instant.optional(),
  to: instant.optional(),
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

/** Incidents, newest first; `next` is the cursor of the following page. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'read')
  return json(await listIncidents(searchOf(request, search)))
})
