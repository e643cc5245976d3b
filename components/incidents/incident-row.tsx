import Link from 'next/link'
import { SmallRuler } from '@/components/charts/ruler'
import { Moment } from '@/components/ui/moment'
import { Sentence } from '@/components/ui/sentence'
import { formatAgo } from '@/lib/charts/clock'
import type { IncidentSummary } from '@/lib/incidents/incident'
import { routes } from '@/lib/routes'
import { message } from '@/lib/text/catalogue'
import { sayMessage } from '@/lib/text/say'
import { type EpochMs, formatCount, formatDuration } from '@/lib/units'

/** One incident of a list: when, what, and its kills on one line. */
export function IncidentRow({ incident, now }: { incident: IncidentSummary; now: EpochMs }) {
  const { title } = incident
  return (
    <Link className="inc" href={routes.incident(incident.id)}>
      <span className="when">
        {incident.isTimeKnown ? <Moment at={incident.from} zone="UTC" as="day" /> : 'no time in the log'}
        <small>{incident.isTimeKnown ? formatAgo(incident.to, now) : `arrived ${formatAgo(incident.from, now)}`}</small>
      </span>
      <span>
        <span className="ttl">
          <Sentence of={title.lead} />
          {title.rest.map((part, index) => (
            <span key={part.key}>
              {index === 0 ? ': ' : ', '}
              <Sentence of={part} />
            </span>
          ))}
        </span>
        <span className="sub">
          <span>
            {formatCount(incident.killCount)} {incident.killCount === 1 ? 'kill' : 'kills'}
          </span>
          <span>{incident.to > incident.from ? formatDuration(incident.to - incident.from) : 'one instant'}</span>
          <span>{sayMessage(message(`class.${incident.class}`, {})).toLowerCase()}</span>
          {incident.pattern !== 'unknown' && (
            <span>{sayMessage(message(`pattern.${incident.pattern}`, {})).toLowerCase()}</span>
          )}
          {incident.recurrences > 0 && <b className="warn">{recurrenceWords(incident)}</b>}
          {incident.isTimeUncertain && <span className="warn">time uncertain</span>}
          {incident.isSample && <span>sample</span>}
        </span>
      </span>
      <SmallRuler times={incident.killTimes} zone="UTC" />
    </Link>
  )
}

function recurrenceWords({ recurrences, recurrenceHosts }: IncidentSummary): string {
  const hosts = recurrenceHosts > 1 ? ` on ${recurrenceHosts} hosts` : ''
  return `${recurrences + 1} times${hosts}`
}
