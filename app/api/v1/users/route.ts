import { requireAgent } from '@/lib/auth/agent'
import { listUsers } from '@/lib/db/users'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'

/** All accounts, oldest first. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'admin')
  return json({ items: await listUsers() })
})
