import { z } from 'zod'
import { requireAgent } from '@/lib/auth/agent'
import { listUploads } from '@/lib/db/uploads'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'
import { cursor, searchOf } from '@/lib/http/search'

const search = z.object({
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

/** Uploads, newest first; `next` is the cursor of the following page. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'read')
  return json(await listUploads(searchOf(request, search)))
})
