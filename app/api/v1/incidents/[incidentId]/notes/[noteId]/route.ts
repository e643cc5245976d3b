import { requireAgent } from '@/lib/auth/agent'
import { noContent } from '@/lib/http/answer'
import { route } from '@/lib/http/route'
import { removeNote } from '@/lib/ingest/notes'

type Context = RouteContext<'/api/v1/incidents/[incidentId]/notes/[noteId]'>

/** Deletes a note of one's own: 204. */
export const DELETE = route(async (request: Request, { params }: Context) => {
  const agent = await requireAgent(request, 'write')
  const { incidentId, noteId } = await params
  await removeNote(incidentId, noteId, agent.id)
  return noContent()
})
