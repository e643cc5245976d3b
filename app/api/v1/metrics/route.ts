import { z } from 'zod'
import { type Agent, permittedHost, requireAgent } from '@/lib/auth/agent'
import { AppError, type ErrorDetail } from '@/lib/errors'
import { json } from '@/lib/http/answer'
import { bodyText } from '@/lib/http/body'
import { route } from '@/lib/http/route'
import { hostname, searchOf } from '@/lib/http/search'
import { Gate } from '@/lib/ingest/gate'
import { type Measurements, storeMetrics } from '@/lib/ingest/store-metrics'
import { type ParsedMetrics, parseMetrics, type Told } from '@/lib/metrics/wire'

/** Rows of 29 fields are about 700 bytes: 5,000 of them, with processes, fit. */
const BODY_LIMIT = 8 * 1024 ** 2
/** More are counted, not listed. */
const LISTED_REFUSALS = 100

const gate = new Gate({ running: 4, admitted: 64, admittedOfOne: 48 })

const search = z.object({ host: hostname.optional() })

/**
 * Stores samples, processes and cgroups (JSON or NDJSON, gzip or not). 200 when all are stored; 422 when some rows were
 * refused, with a pointer to each: the others are stored.
 */
export const POST = route(async (request: Request) => {
  const agent = await requireAgent(request, 'ingest')
  const { host } = searchOf(request, search)
  return gate.pass(agent.id, async () => {
    const parsed = parseMetrics(await bodyText(request, BODY_LIMIT), Date.now())
    const byHost = groupByHost(parsed, permittedHost(agent, host ?? null), agent)
    const { stored, known } = await storeMetrics(byHost)
    if (parsed.refused.length > 0) throw refusal(parsed, stored + known)
    return json({ stored, known })
  })
})

export const PUT = POST

/** Rows by host; those that name none, or no name, are added to the refused ones. */
function groupByHost(parsed: ParsedMetrics, fallback: string | null, agent: Agent): Map<string, Measurements> {
  const byHost = new Map<string, Measurements>()
  for (const section of ['samples', 'processes', 'cgroups'] as const) {
    for (const told of parsed[section]) {
      const host = hostOf(told, fallback, agent)
      if (typeof host !== 'string') {
        parsed.refused.push(host)
        continue
      }
      const measured = byHost.get(host) ?? { samples: [], processes: [], cgroups: [] }
      byHost.set(host, measured)
      add(measured, section, told)
    }
  }
  return byHost
}
