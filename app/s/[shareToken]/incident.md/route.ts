import { postMortem } from '@/lib/analysis/post-mortem'
import { getShare } from '@/lib/db/shares'
import { route } from '@/lib/http/route'
import { incidentFile } from '@/lib/http/share-file'

type Context = RouteContext<'/s/[shareToken]/incident.md'>

/** The frozen incident of a shared link as a post-mortem in Markdown; 404 for every link that opens nothing. */
export const GET = route(async (_request: Request, { params }: Context) => {
  const share = await getShare((await params).shareToken)
  return incidentFile(postMortem(share.snapshot), 'md')
})
