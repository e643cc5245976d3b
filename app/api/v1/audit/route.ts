import { z } from 'zod'
import { requireAgent } from '@/lib/auth/agent'
import { listAudit } from '@/lib/db/audit'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'
import { cursor, searchOf } from '@/lib/http/search'

const search = z.object({
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

/** The audit log, newest first; `next` is the cursor of the following page. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'admin')
  return json(await listAudit(searchOf(request, search)))
})
