import { postMortem } from '@/lib/analysis/post-mortem'
import { requireAgent } from '@/lib/auth/agent'
import { route } from '@/lib/http/route'
import { incidentFile } from '@/lib/http/share-file'
import { takeSnapshot } from '@/lib/ingest/share-snapshot'

type Context = RouteContext<'/api/v1/incidents/[incidentId]/markdown'>

/** One incident as a post-mortem in Markdown, names as they are. */
export const GET = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'read')
  return incidentFile(postMortem(await takeSnapshot((await params).incidentId, Date.now())), 'md')
})
