import { shareJson } from '@/lib/analysis/share-json'
import { getShare } from '@/lib/db/shares'
import { route } from '@/lib/http/route'
import { incidentFile } from '@/lib/http/share-file'

type Context = RouteContext<'/s/[shareToken]/incident.json'>

/** The frozen incident of a shared link as JSON, format `oomscope.incident/1`; 404 for every link that opens nothing. */
export const GET = route(async (_request: Request, { params }: Context) => {
  const share = await getShare((await params).shareToken)
  return incidentFile(shareJson(share.snapshot), 'json')
})
