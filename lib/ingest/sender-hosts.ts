import { pool } from '@/lib/db/client'
import { meetMeasuredHosts } from '@/lib/db/measured-hosts'
import { adoptScrapes, findMeant, learnNames, type Meant, nameKey, type SenderName } from '@/lib/db/sender-names'
import { cleanHost } from '@/lib/ingest/protocols/log-record'
import type { HostIdentity } from '@/lib/ingest/protocols/protocol'
import type { Bytes, EpochMs } from '@/lib/units'

/** What a request tells of, by the names its sender uses. */
export interface NamedRequest {
  /** The token that sent it. */
  senderId: string
  identities: readonly HostIdentity[]
  /** When each name was seen. */
  seen: ReadonlyMap<string, Span>
}

interface Span {
  from: EpochMs
  to: EpochMs
}

/** The hosts behind the names of one request. */
export interface SenderHosts {
  /** Host ids; null where several machines share the name. */
  ids: ReadonlyMap<string, string | null>
  /** Told by this request, by host id; 0 where its architecture leaves a choice. */
  pageSizes: ReadonlyMap<string, Bytes>
}

/** Means another machine to everyone. */
const OWN_ADDRESS = /^(?:localhost|127\.|::1$)/

/**
 * The hosts of several requests with a handful of statements, however many hosts they name; made on first contact. A
 * name is what it was learned to mean; else what its address without the port was (node_exporter and cAdvisor of one
 * machine listen on different ports), else a machine of that name.
 */
export async function resolveSenderHosts(requests: readonly NamedRequest[]): Promise<SenderHosts[]> {
  // A request with names alone (metadata) makes no host.
  const telling = requests.filter(({ seen }) => seen.size > 0)
  const machines = await meetMeasuredHosts(spansOf(telling, ({ identities }) => identities.map(({ name }) => name)))
  const meant = await findMeant(pool, distinctNames(telling))
  await learn(telling, machines, meant)
  const plainOf = (senderId: string, name: string) => (meaning(meant, senderId, name) ? [] : (cleanHost(name) ?? []))
  const unknown = await meetMeasuredHosts(
    spansOf(telling, ({ senderId, seen }) => [...seen.keys()].flatMap((name) => plainOf(senderId, name))),
  )
  return requests.map(({ senderId, identities, seen }) => {
    const ids = new Map<string, string | null>()
    for (const name of seen.keys()) {
      const known = meaning(meant, senderId, name)
      const plain = cleanHost(name)
      const id = known ? (known === 'several' ? null : known.hostId) : plain === null ? null : unknown.get(plain)
      ids.set(name, id ?? null)
    }
    const pageSizes = new Map<string, Bytes>()
    for (const { name, pageSizeBytes } of identities) {
      const hostId = machines.get(name)
      if (hostId === undefined || pageSizeBytes === null) continue
      pageSizes.set(hostId, pageSizeBytes === 'several' ? 0 : pageSizeBytes)
    }
    return { ids, pageSizes }
  })
}

function meaning(meant: ReadonlyMap<string, Meant>, senderId: string, name: string): Meant | undefined {
  const exact = meant.get(nameKey({ senderId, name }))
  if (exact !== undefined) return exact
  const address = addressOf(name)
  const other = address === null ? undefined : meant.get(nameKey({ senderId, name: address }))
  // An address that several share says nothing about a port that nobody explained.
  return other === 'several' ? undefined : other
}

/** The name without its port; null where that is no other name, or one that every machine has. */
function addressOf(name: string): string | null {
  const address = cleanHost(name)
  return address === null || address === name || OWN_ADDRESS.test(address) ? null : address
}

function distinctNames(requests: readonly NamedRequest[]): SenderName[] {
  const names = new Map<string, SenderName>()
  for (const { senderId, identities, seen } of requests) {
    for (const name of [...seen.keys(), ...identities.flatMap(({ aliases }) => aliases)]) {
      for (const one of [name, addressOf(name)]) {
        if (one !== null) names.set(nameKey({ senderId, name: one }), { senderId, name: one })
      }
    }
  }
  return [...names.values()]
}

/** Remembers which machines the senders' names stand for; `meant` is brought up to date. */
async function learn(
  requests: readonly NamedRequest[],
  machines: ReadonlyMap<string, string>,
  meant: Map<string, Meant>,
): Promise<void> {
  const told = new Map<string, SenderName & { meant: Meant }>()
  for (const { senderId, identities } of requests) {
    for (const identity of identities) {
      const hostId = machines.get(identity.name)
      if (hostId === undefined) continue
      for (const name of identity.aliases.flatMap((alias) => [alias, addressOf(alias) ?? []].flat())) {
        const key = nameKey({ senderId, name })
        const other = told.get(key)?.meant ?? meant.get(key)
        if (other === 'several' || other?.hostId === hostId) continue
        told.set(key, { senderId, name, meant: other === undefined ? { hostId } : 'several' })
      }
    }
  }
  const scraped = new Map<string, string>()
  for (const news of await learnNames(pool, [...told.values()])) {
    meant.set(nameKey(news), news.meant)
    const plain = cleanHost(news.name)
    if (news.meant !== 'several' && plain !== null) scraped.set(plain, news.meant.hostId)
  }
  await adoptScrapes(scraped)
}

/** When each host was seen: in the requests that name it. */
function spansOf(
  requests: readonly NamedRequest[],
  namesIn: (request: NamedRequest) => readonly string[],
): Map<string, Span> {
  const spans = new Map<string, Span>()
  for (const request of requests) {
    const names = namesIn(request)
    if (names.length === 0) continue
    const whole = widen(request.seen.values())
    for (const name of names) spans.set(name, widen([whole, spans.get(name) ?? whole]))
  }
  return spans
}

function widen(spans: Iterable<Span>): Span {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const span of spans) {
    from = Math.min(from, span.from)
    to = Math.max(to, span.to)
  }
  return { from, to }
}
