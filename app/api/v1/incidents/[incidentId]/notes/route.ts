import { noteDraft } from '@/app/api/v1/schemas'
import { requireAgent } from '@/lib/auth/agent'
import { listNotes } from '@/lib/db/notes'
import { json } from '@/lib/http/answer'
import { bodyJson } from '@/lib/http/body'
import { route } from '@/lib/http/route'
import { addNote } from '@/lib/ingest/notes'

type Context = RouteContext<'/api/v1/incidents/[incidentId]/notes'>

/** Notes of an incident, in the order they were written. */
export const GET = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'read')
  const { incidentId } = await params
  return json({ items: await listNotes(incidentId) })
})

/** Adds a note: 201. What is said about the incident is worked out again with it. */
export const POST = route(async (request: Request, { params }: Context) => {
  const agent = await requireAgent(request, 'write')
  const { incidentId } = await params
  const note = noteDraft.parse(await bodyJson(request))
  return json(await addNote({ ...note, incidentId, author: agent.name, authorId: agent.id }), { status: 201 })
})
