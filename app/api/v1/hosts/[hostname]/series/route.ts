import { seriesSearch } from '@/app/api/v1/schemas'
import { requireAgent } from '@/lib/auth/agent'
import { listCgroupSeries } from '@/lib/db/cgroups'
import { getHostIdentity } from '@/lib/db/measured-hosts'
import { listProcessSeries } from '@/lib/db/processes'
import { listSeries } from '@/lib/db/series'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'
import { searchOf } from '@/lib/http/search'

type Context = RouteContext<'/api/v1/hosts/[hostname]/series'>

/** Memory of one host over time, as columns: per bucket the least, greatest, average and last of each field. */
export const GET = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'read')
  const { from, to, points, fields, detail, processes, cgroups } = searchOf(request, seriesSearch)
  const host = await getHostIdentity((await params).hostname)
  const range = { from, to }
  const [memory, processSeries, cgroupSeries] = await Promise.all([
    listSeries(host.id, range, { points, fields, detail }),
    processes > 0 ? listProcessSeries(host.id, range, { points, top: processes }) : undefined,
    cgroups > 0 ? listCgroupSeries(host.id, range, { points, top: cgroups }) : undefined,
  ])
  return json({ host: host.name, ...memory, processes: processSeries, cgroups: cgroupSeries })
})
