import { requireAgent } from '@/lib/auth/agent'
import { listHosts } from '@/lib/db/hosts'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'

/** All hosts with their newest sample and recent kills, by name. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'read')
  return json({ items: await listHosts() })
})
