import { z } from 'zod'
import { requireAgent } from '@/lib/auth/agent'
import { listCgroupSeries } from '@/lib/db/cgroups'
import { getHostIdentity } from '@/lib/db/measured-hosts'
import { listProcessSeries } from '@/lib/db/processes'
import { listSeries } from '@/lib/db/series'
import { json } from '@/lib/http/answer'
import { route } from '@/lib/http/route'
import { instant, searchOf } from '@/lib/http/search'
import { DETAILS } from '@/lib/metrics/bucketed'
import { SAMPLE_FIELDS } from '@/lib/metrics/sample'

type Context = RouteContext<'/api/v1/hosts/[hostname]/series'>

const search = z
  .object({
    from: instant,
    to: instant,
    points: z.coerce.number().int().min(2).max(1000).default(1000),
    /** Names of SAMPLE_FIELDS with commas between; all when left out. */
    fields: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(z.enum(SAMPLE_FIELDS)))
      .default([...SAMPLE_FIELDS]),
    detail: z.enum(DETAILS).default('all'),
    /** How many of the largest processes and cgroups to tell as well. */
    processes: z.coerce.number().int().min(0).max(50).default(0),
    cgroups: z.coerce.number().int().min(0).max(50).default(0),
  })
  .refine(({ from, to }) => from < to, { path: ['from'], message: 'from must lie before to' })

/** Memory of one host over time, as columns: per bucket the least, greatest, average and last of each field. */
export const GET = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'read')
  const { from, to, points, fields, detail, processes, cgroups } = searchOf(request, search)
  const host = await getHostIdentity((await params).hostname)
  const range = { from, to }
  const [memory, processSeries, cgroupSeries] = await Promise.all([
    listSeries(host.id, range, { points, fields, detail }),
    processes > 0 ? listProcessSeries(host.id, range, { points, top: processes }) : undefined,
    cgroups > 0 ? listCgroupSeries(host.id, range, { points, top: cgroups }) : undefined,
  ])
  return json({ host: host.name, ...memory, processes: processSeries, cgroups: cgroupSeries })
})
