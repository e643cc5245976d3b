import { Download } from 'lucide-react'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import Link from 'next/link'
import { notFound, redirect } from 'next/navigation'
import { chosenZone } from '@/app/chosen-zone'
import { readChart } from '@/app/incidents/[incidentId]/read-chart'
import { readExcerptLines } from '@/app/incidents/[incidentId]/read-lines'
import { SimilarIncidents } from '@/app/incidents/[incidentId]/similar-incidents'
import { IncidentBody } from '@/components/incidents/incident-body'
import { IncidentChart } from '@/components/incidents/incident-chart'
import { NoteForm } from '@/components/incidents/note-form'
import { PrintButton } from '@/components/incidents/print-button'
import { ShareDialog } from '@/components/incidents/share-dialog'
import { Name } from '@/components/ui/log-text'
import { Moment } from '@/components/ui/moment'
import { Shell } from '@/components/ui/shell'
import { ZoneCookie } from '@/components/ui/zone-cookie'
import { splitSource } from '@/lib/analysis/upload'
import { isAtLeast } from '@/lib/auth/roles'
import { requireUser } from '@/lib/auth/user'
import { listBoots } from '@/lib/db/hosts'
import { currentIncidentId, findIncident } from '@/lib/db/incidents'
import { listNotes } from '@/lib/db/notes'
import { readOverview } from '@/lib/db/overview'
import { isReachableByOthers, publicUrl } from '@/lib/http/public-url'
import { chooseExcerpts } from '@/lib/incidents/excerpt'
import type { Incident } from '@/lib/incidents/incident'
import { parseIncidentView, parseRange, routes, type Search } from '@/lib/routes'
import { sayTitle } from '@/lib/text/say'

interface Props {
  params: Promise<{ incidentId: string }>
  searchParams: Promise<Search>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireUser()
  const incident = await findIncident((await params).incidentId)
  return { title: incident ? sayTitle(incident.title) : 'Incident' }
}

export default async function IncidentPage({ params, searchParams }: Props) {
  const user = await requireUser()
  const { incidentId } = await params
  const search = await searchParams
  const incident = await findIncident(incidentId)
  if (!incident) return redirectOrNotFound(incidentId)

  const view = parseIncidentView(search)
  const { zone, isAwaited } = await chosenZone(view.tz, hostZone(incident))
  const selectedKill = incident.kills.length === 0 ? null : Math.min(view.kill, incident.kills.length - 1)
  const excerpts = chooseExcerpts(incident, incident.findings, selectedKill)
  const [chart, overview, boots, notes, lines] = await Promise.all([
    readChart(incident, view.span, parseRange(search)),
    readOverview(incident.hostId),
    listBoots(incident.hostId),
    listNotes(incident.id),
    readExcerptLines(excerpts),
  ])
  const mayWrite = isAtLeast(user.role, 'member')
  const source = incident.kills[0]?.lines.source ?? incident.reports[0]?.lines.source ?? null
  const hrefWith = (changes: Record<string, string | null>) =>
    routes.incident(incident.id, { ...onlyText(search), ...changes })

  return (
    <Shell place="incidents" user={user}>
      <ZoneCookie isAwaited={isAwaited} />
      <Crumbs incident={incident} zone={zone}>
        <a className="btn" href={routes.incidentMarkdown(incident.id)} download>
          <Download className="i" aria-hidden />
          Markdown
        </a>
        <PrintButton />
        {mayWrite && (
          <ShareDialog
            incidentId={incident.id}
            origin={publicUrl(await headers())}
            isReachable={isReachableByOthers()}
          />
        )}
      </Crumbs>
      <IncidentBody
        incident={incident}
        notes={notes}
        samples={chart?.samples ?? []}
        lines={lines}
        links={{
          excerpts,
          reports: incident.reports,
          canOpenUploads: true,
          selected: selectedKill === null ? null : (incident.kills[selectedKill]?.lines ?? null),
        }}
        zone={zone}
        view={view}
        selectedKill={selectedKill}
        changeIn={source === null ? null : splitSource(source).uploadId}
        hrefWith={hrefWith}
        chart={
          chart && (
            <IncidentChart
              incident={incident}
              notes={notes}
              data={chart.data}
              boots={boots}
              overview={overview}
              now={Date.now()}
              range={chart.range}
              span={chart.span}
              zone={zone}
              selectedKill={selectedKill}
              view={view}
              events={chart.range.to >= Date.now() ? routes.hostEvents(incident.hostname) : null}
              hrefWith={hrefWith}
            />
          )
        }
        noteForm={mayWrite && <NoteForm incidentId={incident.id} zone={zone} />}
      >
        <SimilarIncidents incident={incident} />
      </IncidentBody>
    </Shell>
  )
}

/** A merged incident lives on under the older one's id. */
async function redirectOrNotFound(incidentId: string): Promise<never> {
  const current = await currentIncidentId(incidentId)
  if (current && current !== incidentId) redirect(routes.incident(current))
  notFound()
}

function Crumbs({ incident, zone, children }: { incident: Incident; zone: string; children: React.ReactNode }) {
  return (
    <>
      <div className="printhead">
        <span>oomscope, {incident.hostname}</span>
        <span>{routes.incident(incident.id)}</span>
      </div>
      <div className="crumbs">
        <Link href={routes.incidents()}>Incidents</Link>
        <span aria-hidden="true">/</span>
        <Link href={routes.host(incident.hostname)}>
          <Name of={incident.hostname} />
        </Link>
        {incident.from !== null && (
          <>
            <span aria-hidden="true">/</span>
            <Moment at={incident.from} zone={zone} as="day" />
          </>
        )}
        {incident.end === 'reboot' && <span className="badge">ended, rebooted</span>}
        {incident.end === 'recovered' && <span className="badge">recovered</span>}
        {incident.isSample && <span className="badge example">sample incident</span>}
        {incident.isTimeUncertain && <span className="badge warn">time uncertain</span>}
        <div className="act">{children}</div>
      </div>
    </>
  )
}

/** The zone assumed for its log; where the lines carry their own zone the host's is not known, and UTC is told. */
function hostZone(incident: Incident): string {
  return incident.assumptions.find((assumption) => assumption.what === 'zone')?.value ?? 'UTC'
}

function onlyText(search: Search): Record<string, string> {
  return Object.fromEntries(
    Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
