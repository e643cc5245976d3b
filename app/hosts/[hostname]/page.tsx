import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound, redirect } from 'next/navigation'
import { chosenZone } from '@/app/chosen-zone'
import { HostChart } from '@/components/hosts/host-chart'
import { IncidentRow } from '@/components/incidents/incident-row'
import { Name } from '@/components/ui/log-text'
import { Ago, Moment } from '@/components/ui/moment'
import { Section } from '@/components/ui/section'
import { Shell } from '@/components/ui/shell'
import { ZoneCookie } from '@/components/ui/zone-cookie'
import { requireUser } from '@/lib/auth/user'
import { readChartData } from '@/lib/db/chart-data'
import { readFacts } from '@/lib/db/facts'
import { findHost } from '@/lib/db/hosts'
import { listIncidents } from '@/lib/db/incident-summaries'
import { readOverview } from '@/lib/db/overview'
import type { Boot, HostSummary } from '@/lib/incidents/host'
import { exhaustionWords, riskOf } from '@/lib/incidents/risk'
import { HOST_SPANS, parseHostSpan, parseIncidentView, parseRange, parseText, routes, type Search } from '@/lib/routes'
import { type EpochMs, formatBytes } from '@/lib/units'

interface Props {
  params: Promise<{ hostname: string }>
  searchParams: Promise<Search>
}

const DAY = 86_400_000
/** Charts of a host that stopped sending end at the last thing known of it. */
const LIVE_WITHIN_MS = DAY

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).hostname) }
}

export default async function HostPage({ params, searchParams }: Props) {
  const user = await requireUser()
  const [name, search] = [decodeURIComponent((await params).hostname), await searchParams]
  const host = await findHost(name)
  if (!host) notFound()
  if (host.name !== name) redirect(routes.host(host.name))

  const now = Date.now()
  const view = parseIncidentView(search)
  const { zone, isAwaited } = await chosenZone(view.tz, 'UTC')
  const end = now - host.lastSeenAt < LIVE_WITHIN_MS ? now : host.lastSeenAt + 600_000
  const given = parseRange(search)
  const span = parseHostSpan(search)
  const range = given ?? { from: end - HOST_SPANS[span], to: end }
  const cursor = parseText(search, 'cursor') ?? undefined
  const [data, overview, facts, incidents] = await Promise.all([
    readChartData(host.id, range),
    readOverview(host.id),
    readFacts({ hostId: host.id, from: range.from, to: range.to, undatedUploads: [] }),
    listIncidents({ host: host.name, limit: 10, cursor }),
  ])
  const hrefWith = (changes: Record<string, string | null>) =>
    routes.host(host.name, {
      tz: view.tz === 'host' ? null : view.tz,
      view: view.view === 'chart' ? null : view.view,
      last: span === '24h' ? null : span,
      ...(given ? { from: String(given.from), to: String(given.to) } : {}),
      ...changes,
    })

  return (
    <Shell place="hosts" user={user}>
      <ZoneCookie isAwaited={isAwaited} />
      <div className="crumbs">
        <Link href={routes.hosts()}>Hosts</Link>
        <span aria-hidden="true">/</span>
        <Name of={host.name} />
        {host.isSample && <span className="badge example">sample</span>}
      </div>
      <h1>
        <Name of={host.name} />
        {': '}
        {stateWords(host, now)}
      </h1>
      <HostChart
        facts={facts}
        data={data}
        boots={host.boots}
        overview={overview}
        range={range}
        span={given ? null : span}
        zone={zone}
        view={view}
        now={now}
        events={range.to >= now ? routes.hostEvents(host.name) : null}
        hrefWith={hrefWith}
      />
      <Section id="incidents" title="Incidents" hint={`Kills: ${host.kills7d} in 7 days, ${host.kills30d} in 30.`}>
        {incidents.items.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} now={now} />
        ))}
        {incidents.items.length === 0 && <p className="dim">No incident is known on this host.</p>}
        {incidents.next !== null && (
          <p className="more">
            <Link className="btn" href={hrefWith({ cursor: incidents.next })}>
              Older
            </Link>
          </p>
        )}
      </Section>
      <Section id="boots" title="Boots" hint="From boot lines in its logs.">
        <Boots boots={host.boots} zone={zone} />
      </Section>
      <Section id="known" title="Known">
        <dl className="facts wide-facts">
          <div>
            <dt>First heard of</dt>
            <dd>
              <Moment at={host.firstSeenAt} zone={zone} as="day-time" />
            </dd>
          </div>
          <div>
            <dt>Last heard of</dt>
            <dd>
              <Moment at={host.lastSeenAt} zone={zone} as="day-time" />, <Ago at={host.lastSeenAt} now={now} />
            </dd>
          </div>
        </dl>
      </Section>
    </Shell>
  )
}

function stateWords(host: HostSummary, now: EpochMs): string {
  const risk = riskOf(host, now)
  const available = host.latest?.memAvailable
  if (risk.state === 'unknown') return 'no samples of today'
  if (risk.state === 'silent') return 'silent'
  const left = typeof available === 'number' ? `, ${formatBytes(available)} available` : ''
  const forecast = risk.exhaustion ? `, ${exhaustionWords(risk.exhaustion)}` : ''
  return `${risk.word === 'OK' ? 'OK' : risk.word.toLowerCase()}${left}${forecast}`
}

function Boots({ boots, zone }: { boots: readonly Boot[]; zone: string }) {
  const known = boots.filter((boot) => boot.startedAt !== null || boot.kernel !== null)
  if (known.length === 0) return <p className="dim">No boot is known.</p>
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Began</th>
          <th scope="col">Ended</th>
          <th scope="col">Kernel</th>
        </tr>
      </thead>
      <tbody>
        {known.map((boot) => (
          <tr key={boot.id}>
            <td>{boot.startedAt === null ? 'unknown' : <Moment at={boot.startedAt} zone={zone} as="day-time" />}</td>
            <td>{boot.endedAt === null ? 'unknown' : <Moment at={boot.endedAt} zone={zone} as="day-time" />}</td>
            <td>{boot.kernel === null ? 'not stated' : <Name of={boot.kernel} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
