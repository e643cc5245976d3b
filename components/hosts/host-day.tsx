import { Ago, Moment } from '@/components/ui/moment'
import type { LastDay } from '@/lib/incidents/last-day'
import { type EpochMs, formatBytes, formatShare } from '@/lib/units'

/** The worst of a day, with its times; nothing of what was not measured. */
export function HostDay({ day, zone, now }: { day: LastDay; zone: string; now: EpochMs }) {
  const figures = [
    { name: 'Least available', found: day.leastAvailable, format: formatBytes },
    { name: 'Most swap used', found: day.mostSwapUsed, format: formatBytes },
    { name: 'Fastest swap in', found: day.mostSwapIn, format: (value: number) => `${formatBytes(value)}/s` },
    { name: 'Highest pressure', found: day.mostPressure, format: (value: number) => formatShare(value / 100) },
  ]
  const told = figures.flatMap(({ found, ...figure }) => (found ? [{ ...figure, found }] : []))
  if (told.length === 0) return <p className="dim">Nothing was measured in this day.</p>
  return (
    <dl className="facts wide-facts">
      {told.map(({ name, found, format }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {format(found.value)}
            {found.value > 0 || name === 'Least available' ? (
              <>
                {', about '}
                <Moment at={found.at} zone={zone} as="minute" />, <Ago at={found.at} now={now} />
              </>
            ) : null}
          </dd>
        </div>
      ))}
    </dl>
  )
}
