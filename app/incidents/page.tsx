import type { Metadata } from 'next'
import Link from 'next/link'
import { IncidentRow } from '@/components/incidents/incident-row'
import { Shell } from '@/components/ui/shell'
import { requireUser } from '@/lib/auth/user'
import { listHosts } from '@/lib/db/hosts'
import { type IncidentFilter, listIncidents } from '@/lib/db/incident-summaries'
import type { CauseClass } from '@/lib/incidents/incident'
import { parseRange, parseText, routes, type Search } from '@/lib/routes'
import { LABELS } from '@/lib/text/english/labels'

export const metadata: Metadata = { title: 'Incidents' }

const CLASSES = Object.entries(LABELS).flatMap(([key, name]) =>
  // The keys of this group are the members of CauseClass.
  key.startsWith('class.') ? [{ value: key.slice('class.'.length) as CauseClass, name }] : [],
)

export default async function IncidentsPage({ searchParams }: { searchParams: Promise<Search> }) {
  const user = await requireUser()
  const search = await searchParams
  const filter = readFilter(search)
  const [{ items, next }, hosts] = await Promise.all([listIncidents(filter), listHosts()])
  const isFiltered = Boolean(filter.text || filter.host || filter.class || filter.from)
  const now = Date.now()
  return (
    <Shell place="incidents" user={user}>
      <h1 className="first">Incidents</h1>
      <FilterForm filter={filter} hosts={hosts.map((host) => host.name)} isFiltered={isFiltered} />
      <div className="list">
        {items.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} now={now} />
        ))}
      </div>
      {items.length === 0 && <NoIncidents filter={filter} isFiltered={isFiltered} />}
      {next !== null && (
        <p className="more">
          <Link className="btn" href={routes.incidents({ ...words(filter), cursor: next })}>
            Older
          </Link>
        </p>
      )}
    </Shell>
  )
}

function readFilter(search: Search): IncidentFilter {
  const chosen = parseText(search, 'class')
  const range = parseRange(search)
  return {
    text: parseText(search, 'q') ?? undefined,
    host: parseText(search, 'host') ?? undefined,
    class: CLASSES.find((each) => each.value === chosen)?.value,
    cursor: parseText(search, 'cursor') ?? undefined,
    ...(range ?? {}),
  }
}

function words({ text, host, class: cause, from, to }: IncidentFilter): Record<string, string | undefined> {
  return { q: text, host, class: cause, from: from?.toString(), to: to?.toString() }
}

function FilterForm({ filter, hosts, isFiltered }: { filter: IncidentFilter; hosts: string[]; isFiltered: boolean }) {
  return (
    <search>
      <form className="formrow filters" action={routes.incidents()}>
        <div className="field">
          <label htmlFor="filter-text">Search</label>
          <input
            className="input"
            id="filter-text"
            name="q"
            defaultValue={filter.text}
            placeholder="Host, program, pid, cgroup"
          />
        </div>
        <div className="field">
          <label htmlFor="filter-host">Host</label>
          <select className="input" id="filter-host" name="host" defaultValue={filter.host ?? ''}>
            <option value="">All hosts</option>
            {hosts.map((host) => (
              <option key={host} value={host}>
                {host}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor="filter-class">Cause</label>
          <select className="input" id="filter-class" name="class" defaultValue={filter.class ?? ''}>
            <option value="">Any cause</option>
            {CLASSES.map((each) => (
              <option key={each.value} value={each.value}>
                {each.name}
              </option>
            ))}
          </select>
        </div>
        <button type="submit" className="btn">
          Filter
        </button>
        {isFiltered && (
          <Link className="btn plain" href={routes.incidents()}>
            Clear
          </Link>
        )}
      </form>
    </search>
  )
}

function NoIncidents({ filter, isFiltered }: { filter: IncidentFilter; isFiltered: boolean }) {
  if (!isFiltered) {
    return (
      <p className="lede">
        No incident is known. <Link href={routes.upload()}>Drop a log</Link> and it appears here.
      </p>
    )
  }
  const parts = [filter.text && `“${filter.text}”`, filter.host && `host ${filter.host}`, filter.class && `this cause`]
  return (
    <p className="lede">
      No incident matches {parts.filter(Boolean).join(' and ') || 'this range'}.{' '}
      <Link href={routes.incidents()}>Show all incidents</Link>
    </p>
  )
}
