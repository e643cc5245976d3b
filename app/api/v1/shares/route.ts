import { requireAgent } from '@/lib/auth/agent'
import { listShares } from '@/lib/db/shares'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'

/** All shared links, newest first, revoked and expired ones included. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'write')
  return json({ items: await listShares() })
})
