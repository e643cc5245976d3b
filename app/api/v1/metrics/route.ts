import { metricsSearch } from '@/app/api/v1/schemas'
import { type Agent, permittedHost, requireAgent } from '@/lib/auth/agent'
import { AppError, type ErrorDetail } from '@/lib/errors'
import { json } from '@/lib/http/answer'
import { bodyText } from '@/lib/http/body'
import { route } from '@/lib/http/route'
import { hostname, searchOf } from '@/lib/http/search'
import type { Sent } from '@/lib/http/sent'
import { Gate } from '@/lib/ingest/gate'
import { type Measurements, storeMetrics } from '@/lib/ingest/store-metrics'
import { type ParsedMetrics, parseMetrics, type Told } from '@/lib/metrics/wire'

/** Rows of 29 fields are about 700 bytes: 5,000 of them, with processes, fit. */
const BODY_LIMIT = 8 * 1024 ** 2
/** More are counted, not listed. */
const LISTED_REFUSALS = 100

const gate = new Gate({ requests: 256, bytes: 64 * 1024 ** 2, requestsOfOne: 192 })

/**
 * Stores samples, processes and cgroups (JSON or NDJSON, gzip or not). 200 when all are stored; 422 when some rows were
 * refused, with a pointer to each: the others are stored.
 */
export const POST = route(async (request: Sent) => {
  const agent = await requireAgent(request, 'ingest')
  const { host } = searchOf(request, metricsSearch)
  return gate.pass({ sender: agent.id, bytes: sizeOf(request) }, async () => {
    const parsed = parseMetrics(await bodyText(request, BODY_LIMIT), Date.now())
    const byHost = groupByHost(parsed, permittedHost(agent, host ?? null), agent)
    const { stored, known } = await storeMetrics(byHost)
    if (parsed.refused.length > 0) throw refusal(parsed, stored + known)
    return json({ stored, known })
  })
})

export const PUT = POST

/** As declared; without a length, as large as it may become. */
function sizeOf(request: Sent): number {
  const length = request.headers.get('content-length')
  return length !== null && /^\d+$/.test(length) ? Math.min(Number(length), BODY_LIMIT) : BODY_LIMIT
}

/** Rows by host; those that name none, or no name, join the refused ones. @throws AppError 'forbidden' */
function groupByHost(parsed: ParsedMetrics, fallback: string | null, agent: Agent): Map<string, Measurements> {
  const byHost = new Map<string, Measurements>()
  const place = ({ host, pointer }: Told<unknown>): Measurements | null => {
    const named = hostname.safeParse(host === null ? fallback : permittedHost(agent, host))
    if (!named.success) {
      const detail = host === null ? 'No host is named, by this row, the body or ?host=.' : 'Not a host name.'
      parsed.refused.push({ pointer, detail })
      return null
    }
    const measured = byHost.get(named.data) ?? { samples: [], processes: [], cgroups: [] }
    byHost.set(named.data, measured)
    return measured
  }
  for (const told of parsed.samples) place(told)?.samples.push(told.sample)
  for (const told of parsed.processes) place(told)?.processes.push(told.sample)
  for (const told of parsed.cgroups) place(told)?.cgroups.push(told.sample)
  return byHost
}

function refusal({ refused }: ParsedMetrics, kept: number): AppError {
  const listed: ErrorDetail[] = refused.slice(0, LISTED_REFUSALS)
  const unlisted = refused.length - listed.length
  const detail = `${refused.length} of ${refused.length + kept} rows ${refused.length === 1 ? 'was' : 'were'} refused; the others are stored.`
  return new AppError('implausible', unlisted > 0 ? `${detail} The first ${listed.length} are listed.` : detail, listed)
}
