import { Name } from '@/components/ui/log-text'
import { formatShortDay } from '@/lib/charts/clock'
import type { EpochMs } from '@/lib/units'

const DAY = 86_400_000
const MOST_HOSTS = 12

interface DayStripProps {
  /** Days with a kill; `day` as `2007-11-02`, UTC. */
  days: readonly { hostname: string; day: string; kills: number }[]
  hosts: readonly { name: string; firstSeenAt: EpochMs; lastSeenAt: EpochMs }[]
  now: EpochMs
  /** Days drawn, the last of them today. */
  count: number
}

/** Kills as counts, one cell a host and day. A day on which nothing was heard of a host is hatched, not empty. */
export function DayStrip({ days, hosts, now, count }: DayStripProps) {
  const today = Math.floor(now / DAY)
  const columns = Array.from({ length: count }, (_, index) => (today - count + 1 + index) * DAY)
  const kills = new Map(days.map((each) => [`${each.hostname} ${each.day}`, each.kills]))
  const struck = hosts.filter((host) => days.some((each) => each.hostname === host.name)).slice(0, MOST_HOSTS)
  const total = (day: EpochMs) =>
    days.filter((each) => each.day === isoDay(day)).reduce((sum, each) => sum + each.kills, 0)
  return (
    <div className="strip" role="img" aria-label={stripSummary(days, count)}>
      <span />
      {columns.map((day, index) => (
        <span key={day} className="ax">
          {axisWords(day, count - 1 - index, index)}
        </span>
      ))}
      <span className="ax">sum</span>
      {struck.map((host) => (
        <HostDays
          key={host.name}
          name={host.name}
          cells={columns.map((day) => ({
            day,
            kills: kills.get(`${host.name} ${isoDay(day)}`) ?? 0,
            isHeard: host.firstSeenAt < day + DAY && host.lastSeenAt >= day,
          }))}
        />
      ))}
      <span className="h all">All hosts</span>
      {columns.map((day) => (
        <Cell key={day} kills={total(day)} isHeard className="all" />
      ))}
      <span className="t all">{days.reduce((sum, each) => sum + each.kills, 0)}</span>
    </div>
  )
}

/** A date a week, and today's day of the month where there is room beside it. */
function axisWords(day: EpochMs, daysAgo: number, index: number): string {
  if (daysAgo === 0) return formatShortDay(day, 'UTC').replace(/\s.*/, '')
  return index % 7 === 0 && daysAgo > 2 ? formatShortDay(day, 'UTC') : ''
}

function HostDays({ name, cells }: { name: string; cells: { day: EpochMs; kills: number; isHeard: boolean }[] }) {
  return (
    <>
      <span className="h perhost">
        <Name of={name} />
      </span>
      {cells.map((cell) => (
        <Cell key={cell.day} kills={cell.kills} isHeard={cell.isHeard} className="perhost" />
      ))}
      <span className="t perhost">{cells.reduce((sum, cell) => sum + cell.kills, 0)}</span>
    </>
  )
}

function Cell({ kills, isHeard, className }: { kills: number; isHeard: boolean; className: string }) {
  if (kills > 0) return <span className={`c k ${className}`}>{kills}</span>
  return <span className={`c ${isHeard ? '' : 'n '}${className}`}>{isHeard ? '·' : ''}</span>
}

function isoDay(day: EpochMs): string {
  return new Date(day).toISOString().slice(0, 10)
}

function stripSummary(days: DayStripProps['days'], count: number): string {
  const kills = days.reduce((sum, each) => sum + each.kills, 0)
  const most = [...days].sort((a, b) => b.kills - a.kills)[0]
  return `${kills} ${kills === 1 ? 'kill' : 'kills'} in ${count} days${most ? `, most on ${most.day}: ${most.kills} on ${most.hostname}` : ''}`
}
