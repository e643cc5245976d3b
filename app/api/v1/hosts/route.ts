import { hostAnswer } from '@/app/api/v1/hosts/host-answer'
import { requireAgent } from '@/lib/auth/agent'
import { listHosts } from '@/lib/db/hosts'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'

/** All hosts with their newest sample, how they stand, when they run out of memory, and recent kills, by name. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'read')
  const [hosts, now] = [await listHosts(), Date.now()]
  return json({ items: hosts.map((host) => hostAnswer(host, now)) })
})
