import Link from 'next/link'
import type { ReactNode } from 'react'
import { LogText, Name } from '@/components/ui/log-text'
import type { Incident } from '@/lib/incidents/incident'
import { routes } from '@/lib/routes'
import type { Assumption } from '@/lib/source'
import { message } from '@/lib/text/catalogue'
import { sayMessage } from '@/lib/text/say'
import { formatBytes, formatDuration, kibToBytes, pagesToBytes } from '@/lib/units'

const ASSUMED: Record<Assumption['what'], string> = {
  year: 'Year',
  date: 'Date',
  zone: 'Time zone',
  host: 'Host',
  clock: 'Clock',
  'page-size': 'Page size',
  unit: 'Unit',
  resource: 'Resource',
}

interface FactsProps {
  incident: Incident
  /** Upload whose assumptions can be changed; null where nothing can be, as on a shared page. */
  changeIn: string | null
}

/** What is known at a glance, and what was assumed, each with its reason. */
export function Facts({ incident, changeIn }: FactsProps) {
  const { from, to } = incident
  return (
    <dl className="facts">
      <Fact name="Cause">
        <b>{sayMessage(message(`class.${incident.class}`, {}))}</b>
        {incident.class !== 'unknown' && `, ${sayMessage(message(`confidence.${incident.confidence}`, {}))}`}
      </Fact>
      <Fact name="Pattern">{sayMessage(message(`pattern.${incident.pattern}`, {}))}</Fact>
      <Fact name="Span">{spanWords(from, to)}</Fact>
      <Fact name="Host">
        <HostName hostname={incident.hostname} isLinked={changeIn !== null} />
        {memoryWords(incident)}
      </Fact>
      <Fact name="Kernel">{incident.kernel ? <LogText text={incident.kernel} className="name" /> : 'Not stated'}</Fact>
      {incident.assumptions.filter(isWorthTelling).map((assumption) => (
        <Fact key={`${assumption.what}-${assumption.value}`} name={ASSUMED[assumption.what]}>
          <span className={assumption.isEvidenced ? undefined : 'warn'}>
            <b>
              <Name of={assumption.value} />
            </b>
            {', '}
            <Name of={assumption.why} />
          </span>{' '}
          {changeIn && (
            <Link className="chg" href={`${routes.uploadReceipt(changeIn)}#assumed`}>
              change
            </Link>
          )}
        </Fact>
      ))}
    </dl>
  )
}

/** The host stands above already; why it is called so is told only when nothing in the text supports it. */
function isWorthTelling(assumption: Assumption): boolean {
  return assumption.what !== 'host' || !assumption.isEvidenced
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function HostName({ hostname, isLinked }: { hostname: string; isLinked: boolean }) {
  return isLinked ? (
    <Link href={routes.host(hostname)}>
      <Name of={hostname} />
    </Link>
  ) : (
    <Name of={hostname} />
  )
}

function spanWords(from: number | null, to: number | null): string {
  if (from === null || to === null) return 'No time in the log'
  return from === to ? 'One instant' : formatDuration(to - from)
}

/** ", 256 MiB RAM, 248.5 usable": from the first report that prints it. */
function memoryWords(incident: Incident): string {
  for (const { memory, pageSizeBytes } of incident.reports) {
    if (!memory?.ramPages || !pageSizeBytes) continue
    const total = pagesToBytes(memory.ramPages, pageSizeBytes)
    const usable = memory.reservedPages === null ? null : total - pagesToBytes(memory.reservedPages, pageSizeBytes)
    return `, ${formatBytes(total)} RAM${usable === null ? '' : `, ${formatBytes(usable)} usable`}`
  }
  const limit = incident.reports.find((report) => report.memcg?.memory?.limitKib)?.memcg?.memory?.limitKib
  return limit ? `, limit ${formatBytes(kibToBytes(limit))}` : ''
}
