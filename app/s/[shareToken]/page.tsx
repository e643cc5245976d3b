import { Clock, Lock, Snowflake } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { chosenZone } from '@/app/chosen-zone'
import { extentOf } from '@/app/incidents/[incidentId]/read-chart'
import { IncidentBody } from '@/components/incidents/incident-body'
import { IncidentChart } from '@/components/incidents/incident-chart'
import { PrintButton } from '@/components/incidents/print-button'
import { Moment } from '@/components/ui/moment'
import { PlainShell } from '@/components/ui/shell'
import { ZoneCookie } from '@/components/ui/zone-cookie'
import { openShare } from '@/lib/db/shares'
import { chooseChartRange } from '@/lib/incidents/chart-range'
import { excerptsOf } from '@/lib/incidents/excerpt'
import { parseIncidentView, parseRange, routes, type Search } from '@/lib/routes'
import { sayMessage, sayTitle } from '@/lib/text/say'

interface Props {
  params: Promise<{ shareToken: string }>
  searchParams: Promise<Search>
}

// The page and its head ask for the same link: it is opened, and counted, once a request.
const open = cache(openShare)

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const share = await open((await params).shareToken)
  const base: Metadata = { robots: { index: false, follow: false }, referrer: 'no-referrer' }
  if (!share) return { ...base, title: 'Not found' }
  const { incident } = share.snapshot
  const title = sayTitle(incident.title)
  const description = incident.findings
    .slice(0, 3)
    .map((finding) => sayMessage(finding.headline))
    .join(' ')
  return { ...base, title, description, openGraph: { title, description, type: 'article', siteName: 'oomscope' } }
}

/** One incident, frozen, for someone without an account: nothing else can be reached from here. */
export default async function SharedIncidentPage({ params, searchParams }: Props) {
  const [{ shareToken }, search] = [await params, await searchParams]
  const share = await open(shareToken)
  if (!share) notFound()
  const { snapshot, expiresAt } = share
  const { incident, notes, samples, lines } = snapshot
  const view = parseIncidentView(search)
  const hostZone = incident.assumptions.find((assumption) => assumption.what === 'zone')?.value ?? 'UTC'
  const { zone, isAwaited } = await chosenZone(view.tz, hostZone)
  const selectedKill = incident.kills.length === 0 ? null : Math.min(view.kill, incident.kills.length - 1)
  const excerpts = excerptsOf(
    lines,
    incident.reports.map((report) => report.lines),
  )
  const hrefWith = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...search, ...changes }))
      if (typeof value === 'string') next.set(name, value)
    return `${routes.share(shareToken)}?${next}`
  }
  const given = parseRange(search)
  const known = incident.from === null || incident.to === null ? null : { from: incident.from, to: incident.to }
  const chosen = known && chooseChartRange(known, extentOf(samples), view.span)
  const chart = given ? { range: given, span: null } : chosen

  return (
    <PlainShell>
      <ZoneCookie isAwaited={isAwaited} />
      <div className="banner">
        <span>
          <Lock className="i" aria-hidden />
          Shared, read only
        </span>
        <span>
          <Snowflake className="i" aria-hidden />
          Frozen <Moment at={snapshot.frozenAt} zone="UTC" as="day-time" /> UTC
        </span>
        <span>
          <Clock className="i" aria-hidden />
          Expires <Moment at={expiresAt} zone="UTC" as="day-time" /> UTC
        </span>
        <span className="right">
          <PrintButton />
        </span>
      </div>
      <IncidentBody
        incident={incident}
        notes={notes}
        samples={samples}
        lines={lines}
        links={{
          excerpts,
          canOpenUploads: false,
          selected: selectedKill === null ? null : (incident.kills[selectedKill]?.lines ?? null),
        }}
        zone={zone}
        view={view}
        selectedKill={selectedKill}
        changeIn={null}
        hrefWith={hrefWith}
        chart={
          chart && (
            <IncidentChart
              incident={incident}
              notes={notes}
              samples={samples}
              range={chart.range}
              span={chart.span}
              zone={zone}
              selectedKill={selectedKill}
              view={view}
              hrefWith={hrefWith}
            />
          )
        }
      />
      <footer className="foot">
        <span>Made with oomscope</span>
      </footer>
    </PlainShell>
  )
}
