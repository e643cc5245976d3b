import { hostAnswer } from '@/app/api/v1/hosts/host-answer'
import { requireAgent } from '@/lib/auth/agent'
import { getHost } from '@/lib/db/hosts'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'

type Context = RouteContext<'/api/v1/hosts/[hostname]'>

/** One host with its boots, newest first. */
export const GET = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'read')
  return json(hostAnswer(await getHost((await params).hostname), Date.now()))
})
