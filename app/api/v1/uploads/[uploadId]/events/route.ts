import { requireAgent } from '@/lib/auth/agent'
import { listen } from '@/lib/db/listen'
import { findUploadState } from '@/lib/db/uploads'
import { AppError } from '@/lib/errors'
import { route } from '@/lib/http/route'
import { eventStream } from '@/lib/http/streams'

type Context = RouteContext<'/api/v1/uploads/[uploadId]/events'>

/** Server-sent events: the state of an upload, now and at every change. */
export const GET = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'read')
  const { uploadId } = await params
  const upload = await findUploadState(uploadId)
  if (!upload) throw new AppError('not-found', `There is no upload ${uploadId}.`)
  return eventStream(request, (send) => {
    const tell = async () => send((await findUploadState(uploadId)) ?? { state: 'deleted', problem: null })
    const unlisten = listen((message) => {
      if ('upload' in message && message.upload === uploadId) void tell().catch(() => {})
    })
    // What changed between the look above and the listening would be missed.
    void tell().catch(() => {})
    return () => void unlisten()
  })
})
