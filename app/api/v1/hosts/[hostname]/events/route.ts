import { requireAgent } from '@/lib/auth/agent'
import { listen } from '@/lib/db/listen'
import { getHostIdentity } from '@/lib/db/measured-hosts'
import type { Announcement } from '@/lib/db/queue'
import { route } from '@/lib/http/route'
import { eventStream } from '@/lib/http/streams'

type Context = RouteContext<'/api/v1/hosts/[hostname]/events'>

/** What is told: from here on nothing is missed; something was measured; its incidents were explained again. */
type HostEvent = { event: 'listening' | 'measured' | 'incidents' }

/** Server-sent events of one host. "listening" comes first: whoever drew it before that looks once more. */
export const GET = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'read')
  const host = await getHostIdentity((await params).hostname)
  return eventStream(request, (send) => {
    const tell = (event: HostEvent['event']) => send({ event } satisfies HostEvent)
    const unlisten = listen(
      (announcement) => {
        const event = eventOf(announcement, host.id)
        if (event) tell(event)
      },
      () => tell('listening'),
    )
    return () => void unlisten()
  })
})

function eventOf(announcement: Announcement, hostId: string): HostEvent['event'] | null {
  if ('measured' in announcement) return announcement.measured.includes(hostId) ? 'measured' : null
  if ('incidents' in announcement) return announcement.hostId === hostId ? 'incidents' : null
  return null
}
