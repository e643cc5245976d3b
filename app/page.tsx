import { Upload } from 'lucide-react'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import Link from 'next/link'
import { DayStrip } from '@/components/charts/day-strip'
import { IncidentRow } from '@/components/incidents/incident-row'
import { Doors } from '@/components/overview/doors'
import { HostTable } from '@/components/overview/host-table'
import { overviewSentence } from '@/components/overview/sentence'
import { Moment } from '@/components/ui/moment'
import { Section } from '@/components/ui/section'
import { Shell } from '@/components/ui/shell'
import { requireUser } from '@/lib/auth/user'
import { listHosts } from '@/lib/db/hosts'
import { listIncidents } from '@/lib/db/incident-summaries'
import { listKillDays } from '@/lib/db/incidents'
import { publicUrl } from '@/lib/http/public-url'
import { routes } from '@/lib/routes'

export const metadata: Metadata = { title: 'Overview' }

const DAY = 86_400_000
const DAYS = 30
const LATEST = 5

export default async function OverviewPage() {
  const user = await requireUser()
  const now = Date.now()
  const [hosts, latest, days] = await Promise.all([
    listHosts(),
    listIncidents({ limit: LATEST }),
    listKillDays(now - DAYS * DAY, now),
  ])
  if (hosts.length === 0 && latest.items.length === 0) {
    return (
      <Shell place="overview" user={user}>
        <h1 className="first">Nothing here yet. Three ways to begin.</h1>
        <p className="lede">
          oomscope reads what a Linux machine leaves behind when it runs out of memory, and says what happened.
        </p>
        <Doors origin={publicUrl(await headers())} />
      </Shell>
    )
  }
  const own = hosts.filter((host) => !host.isSample)
  const ownDays = days.filter((day) => own.some((host) => host.name === day.hostname))
  return (
    <Shell place="overview" user={user}>
      <div className="crumbs">
        <Moment at={now} zone="UTC" as="day-time" /> UTC
        <div className="act">
          <Link className="btn" href={routes.upload()}>
            <Upload className="i" aria-hidden />
            Upload a log
          </Link>
        </div>
      </div>
      <h1>{overviewSentence(hosts, latest.items, now)}</h1>
      <Section id="hosts" title="Hosts" hint={`${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}, by risk.`}>
        <HostTable hosts={hosts} now={now} />
      </Section>
      <Section id="latest" title="Latest incidents">
        {latest.items.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} now={now} />
        ))}
        {latest.items.length === 0 && <p className="dim">No incident is known.</p>}
        {latest.next !== null && (
          <p className="more">
            <Link href={routes.incidents()}>All incidents</Link>
          </p>
        )}
      </Section>
      <Section
        id="days"
        title="Kills, 30 days"
        hint="One cell a day in UTC, count as text. Hatched: nothing was heard of the host."
      >
        <DayStrip days={ownDays} hosts={own} now={now} count={DAYS} />
      </Section>
    </Shell>
  )
}
