import { pageSearch } from '@/app/api/v1/schemas'
import { requireAgent } from '@/lib/auth/agent'
import { listAudit } from '@/lib/db/audit'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'
import { searchOf } from '@/lib/http/search'

/** The audit log, newest first; `next` is the cursor of the following page. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'admin')
  return json(await listAudit(searchOf(request, pageSearch)))
})
