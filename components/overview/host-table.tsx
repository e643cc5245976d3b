import { Circle, CircleQuestionMark, CircleSlash, Triangle, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { Name } from '@/components/ui/log-text'
import { formatAgo } from '@/lib/charts/clock'
import type { HostSummary } from '@/lib/incidents/host'
import { byRisk, exhaustionWords, type Risk } from '@/lib/incidents/risk'
import { routes } from '@/lib/routes'
import { type EpochMs, formatBytes } from '@/lib/units'

const RECENT_MS = 24 * 3_600_000

/** Hosts by risk: the state in words, what is left, and the last kill. */
export function HostTable({ hosts, now }: { hosts: readonly HostSummary[]; now: EpochMs }) {
  return (
    <table className="hosts cards">
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Host</th>
          <th scope="col">MemAvailable</th>
          <th scope="col">Swap used</th>
          <th scope="col" className="num">
            Pressure
          </th>
          <th scope="col" className="num">
            Kills, 7 and 30 days
          </th>
          <th scope="col" className="num">
            Last kill
          </th>
        </tr>
      </thead>
      <tbody>
        {byRisk(hosts, now).map(({ host, risk }) => (
          <HostRow key={host.id} host={host} risk={risk} now={now} />
        ))}
      </tbody>
    </table>
  )
}

function HostRow({ host, risk, now }: { host: HostSummary; risk: Risk; now: EpochMs }) {
  const isDrawn = risk.state !== 'silent' && risk.state !== 'unknown'
  return (
    <tr>
      <td>
        <span className={risk.state === 'ok' || risk.state === 'unknown' ? 'state ok' : 'state w'}>
          <StateIcon state={risk.state} />
          {risk.word}
        </span>
        {risk.reason && <small className="sw">{risk.reason}</small>}
        {risk.exhaustion && <small className="sw">{exhaustionWords(risk.exhaustion)}</small>}
      </td>
      <td className="first">
        <Link className="nm" href={routes.host(host.name)}>
          <Name of={host.name} />
        </Link>
        <small>
          {host.latest?.memTotal ? formatBytes(host.latest.memTotal) : 'known from logs'}
          {host.isSample && ', sample'}
        </small>
      </td>
      {isDrawn ? <Figures host={host} /> : <Absence host={host} risk={risk} now={now} />}
      <td className="num nowrap l" data-l="Kills, 7 and 30 days">
        {host.kills7d} · {host.kills30d}
      </td>
      <td className="num nowrap" data-l="Last kill">
        <LastKill at={host.lastKillAt} now={now} />
      </td>
    </tr>
  )
}

function Figures({ host }: { host: HostSummary }) {
  const { memAvailable, memTotal, swapTotal, swapFree, psiMemSomeAvg10 } = host.latest ?? {}
  const swapUsed = typeof swapTotal === 'number' && typeof swapFree === 'number' ? swapTotal - swapFree : null
  return (
    <>
      <td className="full">
        <Bar value={memAvailable ?? null} of={memTotal ?? null} />
      </td>
      <td className="full hide">
        {swapTotal === 0 ? 'no swap' : <Bar value={swapUsed} of={swapTotal ?? null} isSwap />}
      </td>
      <td className="num hide">{typeof psiMemSomeAvg10 === 'number' ? `${psiMemSomeAvg10.toFixed(1)}\u00a0%` : '–'}</td>
    </>
  )
}

function Bar({ value, of, isSwap = false }: { value: number | null; of: number | null; isSwap?: boolean }) {
  if (value === null) return <span className="faint">–</span>
  return (
    <span className="barcell">
      <span className="bar">
        {of ? (
          <i className={isSwap ? 'sw' : undefined} style={{ width: `${Math.min(100, (value / of) * 100)}%` }} />
        ) : null}
      </span>
      <span>{formatBytes(value)}</span>
    </span>
  )
}

function Absence({ host, risk, now }: { host: HostSummary; risk: Risk; now: EpochMs }) {
  const words =
    risk.state === 'silent' && host.latest
      ? `no data since ${formatAgo(host.latest.at, now)}`
      : `no samples now, last heard of ${formatAgo(host.lastSeenAt, now)}`
  return (
    <td colSpan={3} className="full">
      <div className="absence">
        <span>{words}</span>
      </div>
    </td>
  )
}

function LastKill({ at, now }: { at: EpochMs | null; now: EpochMs }) {
  if (at === null) return 'never'
  return (
    <time
      className={now - at < RECENT_MS ? 'kill' : undefined}
      dateTime={new Date(at).toISOString()}
      title={new Date(at).toISOString()}
    >
      {formatAgo(at, now)}
    </time>
  )
}

function StateIcon({ state }: { state: Risk['state'] }) {
  const icon = { className: 'i', 'aria-hidden': true } as const
  if (state === 'critical' || state === 'tight') return <TriangleAlert className="i i-warn" aria-hidden />
  if (state === 'watch') return <Triangle className="i i-warn" aria-hidden />
  if (state === 'silent') return <CircleSlash className="i i-warn" aria-hidden />
  return state === 'ok' ? <Circle {...icon} /> : <CircleQuestionMark {...icon} />
}
