import Link from 'next/link'
import { IncidentRow } from '@/components/incidents/incident-row'
import { Section } from '@/components/ui/section'
import { listIncidents } from '@/lib/db/incident-summaries'
import type { Incident } from '@/lib/incidents/incident'
import { routes } from '@/lib/routes'

const MOST = 5

/** Other incidents of the same cause on this host. */
export async function SimilarIncidents({ incident }: { incident: Incident }) {
  const { items } = await listIncidents({ host: incident.hostname, class: incident.class, limit: MOST + 1 })
  const others = items.filter((item) => item.id !== incident.id).slice(0, MOST)
  const now = Date.now()
  return (
    <Section id="similar" title="Similar" hint="Same cause on this host.">
      {others.map((item) => (
        <IncidentRow key={item.id} incident={item} now={now} />
      ))}
      {others.length === 0 && <p className="dim">No other incident of this cause is known on this host.</p>}
      {others.length === MOST && (
        <p className="more">
          <Link href={routes.incidents({ host: incident.hostname, class: incident.class })}>All of them</Link>
        </p>
      )}
    </Section>
  )
}
