import { requireAgent } from '@/lib/auth/agent'
import { json, noContent } from '@/lib/http/answer'
import { route } from '@/lib/http/route'
import { loadSamples, removeSamples } from '@/lib/ingest/samples'

/** Loads the sample incidents: 201 with their ids. */
export const POST = route(async (request: Request) => {
  await requireAgent(request, 'admin')
  return json({ incidentIds: await loadSamples(request.signal) }, { status: 201 })
})

/** Removes them and everything that came with them: 204. */
export const DELETE = route(async (request: Request) => {
  await requireAgent(request, 'admin')
  await removeSamples()
  return noContent()
})
