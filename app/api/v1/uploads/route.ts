import { pageSearch } from '@/app/api/v1/schemas'
import { requireAgent } from '@/lib/auth/agent'
import { listUploads } from '@/lib/db/uploads'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'
import { searchOf } from '@/lib/http/search'

/** Uploads, newest first; `next` is the cursor of the following page. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'read')
  return json(await listUploads(searchOf(request, pageSearch)))
})
