import { incidentSearch } from '@/app/api/v1/schemas'
import { requireAgent } from '@/lib/auth/agent'
import { listIncidents } from '@/lib/db/incident-summaries'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'
import { searchOf } from '@/lib/http/search'

/** Incidents, newest first; `next` is the cursor of the following page. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'read')
  return json(await listIncidents(searchOf(request, incidentSearch)))
})
