import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound, redirect } from 'next/navigation'
import { chosenZone } from '@/app/chosen-zone'
import { HostBoots } from '@/components/hosts/host-boots'
import { HostChart } from '@/components/hosts/host-chart'
import { HostDay } from '@/components/hosts/host-day'
import { HostFacts } from '@/components/hosts/host-facts'
import { HostGaps } from '@/components/hosts/host-gaps'
import { hostModel } from '@/components/hosts/host-model'
import { HostNow } from '@/components/hosts/host-now'
import { IncidentRow } from '@/components/incidents/incident-row'
import { Name } from '@/components/ui/log-text'
import { Ago, Moment } from '@/components/ui/moment'
import { Section } from '@/components/ui/section'
import { Shell } from '@/components/ui/shell'
import { ZoneCookie } from '@/components/ui/zone-cookie'
import { requireUser } from '@/lib/auth/user'
import { overviewModel } from '@/lib/charts/overview'
import { readChartData } from '@/lib/db/chart-data'
import { readFacts } from '@/lib/db/facts'
import { findHost } from '@/lib/db/hosts'
import { listIncidents } from '@/lib/db/incident-summaries'
import { readOverview } from '@/lib/db/overview'
import { listSeries } from '@/lib/db/series'
import type { HostSummary } from '@/lib/incidents/host'
import { LAST_DAY_FIELDS, lastDay } from '@/lib/incidents/last-day'
import { exhaustionWords, riskOf } from '@/lib/incidents/risk'
import { HOST_SPANS, parseHostSpan, parseIncidentView, parseRange, parseText, routes, type Search } from '@/lib/routes'
import { type EpochMs, formatBytes } from '@/lib/units'

interface Props {
  params: Promise<{ hostname: string }>
  searchParams: Promise<Search>
}

const DAY = 86_400_000
/** An older sample is not how a host stands now. */
const NOW_WITHIN_MS = 5 * 60_000
/** Five minutes each. */
const DAY_POINTS = 288
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
  const isLive = now - host.lastSeenAt < LIVE_WITHIN_MS
  const end = isLive ? now : host.lastSeenAt + 600_000
  const given = parseRange(search)
  const span = parseHostSpan(search)
  const range = given ?? { from: end - HOST_SPANS[span], to: end }
  const cursor = parseText(search, 'cursor') ?? undefined
  const [data, kept, facts, day, incidents] = await Promise.all([
    readChartData(host.id, range),
    readOverview(host.id),
    readFacts({ hostId: host.id, from: range.from, to: range.to, undatedUploads: [] }),
    listSeries(host.id, { from: end - DAY, to: end }, { points: DAY_POINTS, fields: LAST_DAY_FIELDS }),
    listIncidents({ host: host.name, limit: 10, cursor }),
  ])
  const model = hostModel({ data, facts, boots: host.boots, range, zone, now })
  const overview = overviewModel(kept, isLive ? now : null)
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
      {host.latest && (
        <Section
          id="now"
          title={now - host.latest.at < NOW_WITHIN_MS ? 'Now' : 'Last sample'}
          hint={
            <>
              <Moment at={host.latest.at} zone={zone} as="day-time" />, <Ago at={host.latest.at} now={now} />
            </>
          }
        >
          <HostNow sample={host.latest} />
        </Section>
      )}
      <HostChart
        model={model}
        overview={overview}
        span={given ? null : span}
        view={view}
        events={range.to >= now ? routes.hostEvents(host.name) : null}
        hrefWith={hrefWith}
      />
      <Section id="day" title={isLive ? 'Last day' : 'Its last day'} hint="The worst of it, to five minutes.">
        <HostDay day={lastDay(day)} zone={zone} now={now} />
      </Section>
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
        <HostBoots boots={host.boots} zone={zone} />
      </Section>
      <Section id="gaps" title="Gaps" hint="In the range of the charts.">
        <HostGaps gaps={model.memory?.gaps ?? null} zone={zone} />
      </Section>
      <Section id="known" title="Known">
        <HostFacts
          host={host}
          stepMs={data.extremes ? null : model.stepMs}
          keptSince={kept.series?.from ?? null}
          zone={zone}
          now={now}
        />
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
