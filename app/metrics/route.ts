import { metricFamilies } from '@/app/metrics/families'
import { requireAgent } from '@/lib/auth/agent'
import { readInstanceFigures } from '@/lib/db/instance-figures'
import { readIngestTally } from '@/lib/http/ingest-tally'
import { PROMETHEUS_TEXT_TYPE, renderPrometheusText } from '@/lib/http/prometheus-text'
import { route } from '@/lib/http/route'

/** This instance and the process that answers, for a Prometheus server with a token that may read. */
export const GET = route(async (request: Request) => {
  await requireAgent(request, 'read')
  const { user, system } = process.cpuUsage()
  const families = metricFamilies(await readInstanceFigures(), readIngestTally(), {
    residentBytes: process.memoryUsage.rss(),
    cpuSeconds: (user + system) / 1e6,
    startedAtSeconds: Math.round(Date.now() / 1000 - process.uptime()),
  })
  const headers = { 'content-type': PROMETHEUS_TEXT_TYPE, 'cache-control': 'no-store' }
  return new Response(renderPrometheusText(families), { headers })
})
