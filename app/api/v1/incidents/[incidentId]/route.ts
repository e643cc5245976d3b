import { requireAgent } from '@/lib/auth/agent'
import { currentIncidentId, getIncident } from '@/lib/db/incidents'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'

type Context = RouteContext<'/api/v1/incidents/[incidentId]'>

/** One incident with all its facts; an id that was merged into another answers with that one. */
export const GET = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'read')
  const { incidentId } = await params
  return json(await getIncident((await currentIncidentId(incidentId)) ?? incidentId))
})
