import { shareDraft } from '@/app/api/v1/schemas'
import { requireAgent } from '@/lib/auth/agent'
import { recordAudit } from '@/lib/db/audit'
import { createShare, listShares } from '@/lib/db/shares'
import { json } from '@/lib/http/answer'
import { bodyJson } from '@/lib/http/body'
import { isReachableByOthers, publicUrl } from '@/lib/http/public-url'
import { route } from '@/lib/http/route'
import { takeRedactedSnapshot, takeSnapshot } from '@/lib/ingest/share-snapshot'
import { routes } from '@/lib/routes'

type Context = RouteContext<'/api/v1/incidents/[incidentId]/shares'>

const DAY_MS = 86_400_000

/** Links to one incident, newest first; tokens are not among what is known of them. */
export const GET = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'write')
  const { incidentId } = await params
  return json({ items: await listShares({ incidentId }) })
})

/**
 * Makes a link that shows the incident as it is now, with aliases for names unless `redact` is false: 201 with the
 * address, which is told this once.
 */
export const POST = route(async (request: Request, { params }: Context) => {
  const agent = await requireAgent(request, 'write')
  const { incidentId } = await params
  const { days, redact } = shareDraft.parse(await bodyJson(request))
  const now = Date.now()
  const { link, token } = await createShare({
    incidentId,
    snapshot: await (redact ? takeRedactedSnapshot(incidentId, now) : takeSnapshot(incidentId, now)),
    expiresAt: now + days * DAY_MS,
    createdBy: { id: agent.kind === 'user' ? agent.id : null, name: agent.name },
  })
  await recordAudit(agent, 'share-made', `link ${link.id} to incident ${incidentId}, for ${days} days`)
  const url = `${publicUrl(request.headers)}${routes.share(token)}`
  return json({ link, url, isReachableByOthers: isReachableByOthers() }, { status: 201 })
})
