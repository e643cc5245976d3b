import { lineSearch } from '@/app/api/v1/schemas'
import { requireAgent } from '@/lib/auth/agent'
import { readUploadLines } from '@/lib/db/upload-bytes'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'
import { searchOf } from '@/lib/http/search'

type Context = RouteContext<'/api/v1/uploads/[uploadId]/lines'>

/** Lines of an upload (or of a file inside it, `id.3`) as they were sent; at most 5,000. */
export const GET = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'read')
  const { from, to } = searchOf(request, lineSearch)
  return json({ items: await readUploadLines((await params).uploadId, from, to) })
})
