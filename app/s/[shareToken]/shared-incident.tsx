import type { ReactNode } from 'react'
import { chosenZone } from '@/app/chosen-zone'
import { extentOf } from '@/app/incidents/[incidentId]/read-chart'
import { IncidentBody } from '@/components/incidents/incident-body'
import { IncidentChart } from '@/components/incidents/incident-chart'
import { PlainShell } from '@/components/ui/shell'
import { ZoneCookie } from '@/components/ui/zone-cookie'
import type { ShareSnapshot } from '@/lib/analysis/share'
import { chooseChartRange } from '@/lib/incidents/chart-range'
import { excerptsOf } from '@/lib/incidents/excerpt'
import { parseIncidentView, parseRange, type Search } from '@/lib/routes'

interface SharedIncidentProps {
  snapshot: ShareSnapshot
  search: Search
  /** Address of the page, without a search. */
  path: string
  banner: ReactNode
}

/** What a snapshot shows, to the other side and in the preview before a link is made: these properties and nothing else. */
export async function SharedIncident({ snapshot, search, path, banner }: SharedIncidentProps) {
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
    return `${path}?${next}`
  }
  const given = parseRange(search)
  const known = incident.from === null || incident.to === null ? null : { from: incident.from, to: incident.to }
  const chosen = known && chooseChartRange(known, extentOf(samples), view.span)
  const chart = given ? { range: given, span: null } : chosen

  return (
    <PlainShell>
      <ZoneCookie isAwaited={isAwaited} />
      <div className="banner">{banner}</div>
      <IncidentBody
        incident={incident}
        notes={notes}
        samples={samples}
        lines={lines}
        links={{
          excerpts,
          reports: incident.reports,
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
              data={{ samples, extremes: null, gaps: null, processes: null, cgroups: null, areListsLeftOut: false }}
              overview={null}
              now={null}
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
